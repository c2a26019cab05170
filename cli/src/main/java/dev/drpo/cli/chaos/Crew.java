package dev.drpo.cli.chaos;

import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.Ports;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.Readiness;
import dev.drpo.cli.process.Respawner;
import dev.drpo.cli.process.ServiceSpec;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.cli.process.SteadyPorts;
import dev.drpo.cli.run.InstalledServices;
import dev.drpo.cli.run.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The processes of one run: a broker, a learner, two rollout replicas and two reward replicas, each
 * started anew when it ends, on the same ports. They need no order: each waits for what it needs.
 */
final class Crew implements AutoCloseable {
  static final String BROKER = "broker";
  static final String LEARNER = "learner";

  /** All but the broker. */
  static final List<String> CLIENTS =
      List.of(LEARNER, "rollout-1", "rollout-2", "reward-1", "reward-2");

  static final List<String> NAMES =
      List.of(BROKER, LEARNER, "rollout-1", "rollout-2", "reward-1", "reward-2");

  private static final Duration BROKER_PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final RunPlan plan;
  private final Optional<FakeClock> clock;
  private final Respawner respawner;
  private final Map<String, Respawner.Member> members = new LinkedHashMap<>();

  private Crew(RunPlan plan, Optional<FakeClock> clock, Respawner respawner) {
    this.plan = plan;
    this.clock = clock;
    this.respawner = respawner;
  }

  /**
   * Starts everything, and returns once the broker takes connections.
   *
   * @param root the repository, where the services are built
   * @param clock sets the clocks of the processes, where it can be had
   * @param notices is told what a person should know
   * @throws ProcessFailure if the broker does not start
   */
  static Crew start(Path root, RunPlan plan, Optional<FakeClock> clock, Consumer<String> notices)
      throws ProcessFailure, InterruptedException, IOException {
    Crew crew = new Crew(plan, clock, new Respawner(notices));
    try {
      crew.start(root);
      return crew;
    } catch (ProcessFailure | InterruptedException | IOException | RuntimeException e) {
      crew.close();
      throw e;
    }
  }

  private void start(Path root) throws ProcessFailure, InterruptedException, IOException {
    SteadyPorts ports = new SteadyPorts();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("DRPO_"));
    Ports broker = new Ports(ports.getAsInt(), ports.getAsInt());
    members.put(
        BROKER,
        respawner.start(
            InstalledBroker.under(root)
                .spec(plan.folder().kafka(), plan.folder().log(BROKER), broker.http(), environment),
            broker));
    awaitBroker();
    InstalledServices services = InstalledServices.under(root, plan, System.getenv());
    Ports learner = new Ports(ports.getAsInt(), ports.getAsInt());
    join(LEARNER, services.learner(brokerAddress()), learner);
    for (int replica = 1; replica <= plan.rollouts(); replica++) {
      join(
          "rollout-" + replica,
          services.rollout(replica, brokerAddress(), "127.0.0.1:" + learner.grpc()),
          new Ports(ports.getAsInt(), ports.getAsInt()));
    }
    for (int replica = 1; replica <= 2; replica++) {
      join(
          "reward-" + replica,
          services.reward(brokerAddress()),
          new Ports(ports.getAsInt(), ports.getAsInt()));
    }
  }

  private void join(String name, ServiceSpec spec, Ports ports) throws ProcessFailure, IOException {
    Map<String, String> variables = new HashMap<>(Map.of("DRPO_REPLICA", name));
    if (clock.isPresent()) {
      variables.putAll(clock.get().variables(clockFile(name)));
    }
    ServiceSpec named =
        new ServiceSpec(
            name,
            plan.folder().log(name),
            given -> with(variables, spec.launch().apply(given)),
            spec.readiness(),
            spec.onDeath());
    members.put(name, respawner.start(named, ports));
  }

  private static Launch with(Map<String, String> variables, Launch launch) {
    Map<String, String> environment = new HashMap<>(launch.environment());
    environment.putAll(variables);
    return new Launch(launch.command(), environment);
  }

  private void awaitBroker() throws ProcessFailure, InterruptedException {
    long deadline = System.nanoTime() + BROKER_PATIENCE.toNanos();
    while (members.get(BROKER).probe() instanceof Readiness.State.Waiting) {
      if (System.nanoTime() > deadline) {
        throw new ProcessFailure(
            "the broker is not ready after %d s; its log is %s"
                .formatted(BROKER_PATIENCE.toSeconds(), plan.folder().log(BROKER)));
      }
      respawner.tend();
      Thread.sleep(PAUSE);
    }
  }

  /** Where the broker listens, whichever process it is. */
  String brokerAddress() {
    return "127.0.0.1:" + members.get(BROKER).ports().http();
  }

  /** The learner's gRPC port. */
  int learnerPort() {
    return member(LEARNER).ports().grpc();
  }

  /** A process by its name. */
  Respawner.Member member(String name) {
    return members.get(name);
  }

  /** Where the clock of a process is set. */
  Path clockFile(String name) {
    return plan.folder().path().resolve("clocks").resolve(name);
  }

  /** Starts anew what has ended. */
  void tend() throws ProcessFailure {
    respawner.tend();
  }

  /** Kills the broker, and deletes everything that it has; {@link #tend} starts an empty one. */
  void loseData() throws InterruptedException, IOException {
    members.get(BROKER).kill();
    try (Stream<Path> files = Files.walk(plan.folder().kafka())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Ends everything in order, those who stand on others first. */
  void stopAll() {
    List.copyOf(members.values()).reversed().forEach(Respawner.Member::stop);
  }

  /** How often a process was started, beyond the first times. */
  int restarts() {
    return members.values().stream().mapToInt(member -> member.starts() - 1).sum();
  }

  /** How often a process ended though nobody had asked for it. */
  int failures() {
    return members.values().stream().mapToInt(Respawner.Member::failures).sum();
  }

  @Override
  public void close() {
    respawner.close();
  }
}
