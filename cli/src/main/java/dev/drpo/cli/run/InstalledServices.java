package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.HttpReadiness;
import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.Ports;
import dev.drpo.cli.process.ServiceSpec;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.cli.process.ServiceSpec.OnDeath;
import dev.drpo.policy.engine.MachineMemory;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.JavaCommand;
import dev.drpo.runtime.process.ParentWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The services as the build leaves them: the artifacts that the images hold, configured by the same
 * variables as in a container. A test holds these against the base manifests and the Dockerfile.
 */
public final class InstalledServices implements Services {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String READY_PATH = "/q/health/ready";

  private static final int REWARD_HEAP_MEGABYTES = 256;

  /**
   * Starts soon and stays small, as in the image: a heap that grows only on demand, and the quick
   * compiler alone, since judging is over before the thorough one would pay.
   */
  private static final List<String> REWARD_TUNING =
      List.of("-Xms24m", "-Xmn12m", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1");

  /** The engine decodes by vector instructions, whose interface is still an incubating module. */
  private static final List<String> ROLLOUT_TUNING = List.of("--add-modules=jdk.incubator.vector");

  private static final long BYTES_PER_MEGABYTE = 1 << 20;

  private final Path root;
  private final RunPlan plan;
  private final Heaps heaps;
  private final Map<String, String> inherited;
  private final InstalledBroker broker;

  private InstalledServices(
      Path root, RunPlan plan, Heaps heaps, Map<String, String> inherited, InstalledBroker broker) {
    this.root = root;
    this.plan = plan;
    this.heaps = heaps;
    this.inherited = inherited;
    this.broker = broker;
  }

  /**
   * The services built under a repository.
   *
   * @param environment inherited by the services, less the variables that set keys of the run,
   *     since the run's file has their values already
   * @throws UsageError if one is not built, or they do not fit into this machine's memory
   */
  public static InstalledServices under(Path root, RunPlan plan, Map<String, String> environment) {
    Map<String, String> inherited = new HashMap<>(environment);
    inherited.keySet().removeIf(name -> name.startsWith("DRPO_"));
    InstalledServices services =
        new InstalledServices(
            root,
            plan,
            Heaps.of(plan, MachineMemory.available()),
            inherited,
            InstalledBroker.under(root));
    for (String module : List.of("reward-service", "learner-service", "rollout-service")) {
      if (!Files.isRegularFile(services.application(module))) {
        throw notBuilt(services.application(module));
      }
    }
    return services;
  }

  @Override
  public ServiceSpec broker() {
    return broker.spec(plan.folder().kafka(), plan.folder().log("broker"), inherited);
  }

  @Override
  public ServiceSpec reward(String broker) {
    return service(
        "reward",
        "reward-service",
        REWARD_HEAP_MEGABYTES,
        REWARD_TUNING,
        OnDeath.RESTART,
        _ -> Map.of("DRPO_KAFKA_BOOTSTRAP_SERVERS", broker));
  }

  @Override
  public ServiceSpec learner(String broker) {
    return service(
        "learner",
        "learner-service",
        megabytes(heaps.learner()),
        List.of(),
        OnDeath.FAIL,
        ports ->
            ofTensors(
                plan.config().training().threads(),
                Map.of(
                    "DRPO_KAFKA_BOOTSTRAP_SERVERS",
                    broker,
                    "DRPO_LEARNER_ADDRESS",
                    LOOPBACK + ":" + ports.grpc())));
  }

  @Override
  public ServiceSpec rollout(int replica, String broker, String learner) {
    return service(
        "rollout-" + replica,
        "rollout-service",
        megabytes(heaps.rollout()),
        ROLLOUT_TUNING,
        OnDeath.RESTART,
        _ ->
            ofTensors(
                plan.config().rollout().threads(),
                Map.of(
                    "DRPO_KAFKA_BOOTSTRAP_SERVERS",
                    broker,
                    "DRPO_LEARNER_ADDRESS",
                    learner,
                    "DRPO_ROLLOUT_DEVICES",
                    plan.replicas().get(replica - 1))));
  }

  /** With the variables of a process that computes with tensors. */
  private static Map<String, String> ofTensors(int threads, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("OMP_NUM_THREADS", String.valueOf(threads));
    // The tensor library reports its use over the network unless it is told not to.
    environment.put("OPT_OUT_TRACKING", "true");
    return environment;
  }

  private ServiceSpec service(
      String name,
      String module,
      int heap,
      List<String> tuning,
      OnDeath onDeath,
      Function<Ports, Map<String, String>> variables) {
    List<String> words =
        new JavaCommand(heap, tuning, List.of("-jar", application(module).toString())).words();
    return new ServiceSpec(
        name,
        plan.folder().log(name),
        ports -> {
          Map<String, String> environment = new HashMap<>(inherited);
          environment.putAll(variables.apply(ports));
          environment.put(ConfigLoader.FILE_VARIABLE, plan.folder().configuration().toString());
          environment.put("DRPO_REPLICA", name);
          environment.put(ParentWatch.PARENT_VARIABLE, parent());
          environment.put("QUARKUS_HTTP_HOST", LOOPBACK);
          environment.put("QUARKUS_HTTP_PORT", String.valueOf(ports.http()));
          // Of HTTP over TLS, where the run has certificates: a free port, which its log names.
          environment.put("QUARKUS_HTTP_SSL_PORT", "0");
          environment.put("QUARKUS_GRPC_SERVER_HOST", LOOPBACK);
          environment.put("QUARKUS_GRPC_SERVER_PORT", String.valueOf(ports.grpc()));
          return new Launch(words, environment);
        },
        new HttpReadiness(READY_PATH),
        onDeath);
  }

  private static int megabytes(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, BYTES_PER_MEGABYTE));
  }

  private Path application(String module) {
    return root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
  }

  private static String parent() {
    return String.valueOf(ProcessHandle.current().pid());
  }

  private static UsageError notBuilt(Path artifact) {
    return new UsageError(
        artifact + " is missing; call ./drpo at the top of the repository, which builds it");
  }
}
