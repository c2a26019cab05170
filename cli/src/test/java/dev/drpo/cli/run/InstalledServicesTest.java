package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.Ports;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.HeapNeeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledServicesTest {
  private static final Ports PORTS = new Ports(4711, 4712);

  @TempDir Path folder;
  private Repository repository;
  private RunPlan plan;

  @BeforeEach
  void prepare() throws IOException {
    repository = Repository.in(folder);
    plan =
        new RunPlan(
            new RunFolder(folder.resolve("out")),
            ConfigLoader.load(
                null,
                Map.of("DRPO_PRESET", "quickstart"),
                Map.of(
                    "training.threads",
                    "2",
                    "rollout.threads",
                    "3",
                    "policy.path",
                    folder.resolve("datasets/quickstart/policy").toString())),
            2);
  }

  @Test
  void servicesAreConfiguredByTheirPublicVariablesAlone() {
    Launch learner = services(Map.of()).learner("127.0.0.1:9").launch().apply(PORTS);

    assertThat(learner.command().getLast())
        .isEqualTo(folder.resolve("learner-service/target/quarkus-app/quarkus-run.jar").toString());
    assertThat(learner.environment())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("DRPO_CONFIG", folder.resolve("out/run.yaml").toString()),
                Map.entry("DRPO_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9"),
                Map.entry("DRPO_LEARNER_ADDRESS", "127.0.0.1:4712"),
                Map.entry("DRPO_REPLICA", "learner"),
                Map.entry("DRPO_PARENT_PID", String.valueOf(ProcessHandle.current().pid())),
                Map.entry("OMP_NUM_THREADS", "2"),
                Map.entry("OPT_OUT_TRACKING", "true"),
                Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_HTTP_PORT", "4711"),
                Map.entry("QUARKUS_HTTP_SSL_PORT", "0"),
                Map.entry("QUARKUS_GRPC_SERVER_HOST", "127.0.0.1"),
                Map.entry("QUARKUS_GRPC_SERVER_PORT", "4712")));
  }

  @Test
  void everyVariableIsKnownToTheConfiguration() {
    InstalledServices services = services(Map.of());
    for (Launch launch :
        new Launch[] {
          services.reward("127.0.0.1:9").launch().apply(PORTS),
          services.learner("127.0.0.1:9").launch().apply(PORTS),
          services.rollout(1, "127.0.0.1:9", "127.0.0.1:8").launch().apply(PORTS)
        }) {
      assertThat(ConfigLoader.load(null, launch.environment(), Map.of()).kafka().bootstrapServers())
          .isEqualTo("127.0.0.1:9");
    }
  }

  @Test
  void keysThatTheUserSetByVariablesComeFromTheRunsFile() {
    Launch rollout =
        services(Map.of("DRPO_OBJECTIVE_LAMBDA", "9", "HOME", "/home/me"))
            .rollout(2, "127.0.0.1:9", "127.0.0.1:8")
            .launch()
            .apply(PORTS);

    assertThat(rollout.environment())
        .doesNotContainKey("DRPO_OBJECTIVE_LAMBDA")
        .containsEntry("HOME", "/home/me")
        .containsEntry("DRPO_REPLICA", "rollout-2")
        .containsEntry("DRPO_LEARNER_ADDRESS", "127.0.0.1:8")
        .containsEntry("OMP_NUM_THREADS", "3");
  }

  @Test
  void everyReplicaGetsTheDeviceOfItsOwn() {
    plan = new RunPlan(plan.folder(), plan.config(), List.of("cuda:4", "cuda:6"), Optional.empty());
    assertThat(rollout(1).environment()).containsEntry("DRPO_ROLLOUT_DEVICES", "cuda:4");
    assertThat(rollout(2).environment()).containsEntry("DRPO_ROLLOUT_DEVICES", "cuda:6");
  }

  private Launch rollout(int replica) {
    return services(Map.of()).rollout(replica, "127.0.0.1:9", "127.0.0.1:8").launch().apply(PORTS);
  }

  @Test
  void heapsAreThoseThatTheConfigurationNeeds() {
    long learner = HeapNeeds.learner(plan.config()).limit() >> 20;
    long rollout = HeapNeeds.rollout(plan.config()).limit() >> 20;
    assertThat(services(Map.of()).learner("127.0.0.1:9").launch().apply(PORTS).command())
        .contains("-Xmx" + learner + "m");
    assertThat(rollout(1).command()).contains("-Xmx" + rollout + "m");
  }

  @Test
  void theBrokerKeepsItsDataInTheRunFolder() {
    assertThat(services(Map.of()).broker().launch().apply(PORTS).command())
        .containsSubsequence(
            "dev.drpo.broker.BrokerMain",
            "--log-dir",
            folder.resolve("out/kafka").toString(),
            "--port",
            "0");
  }

  @Test
  void aServiceThatIsNotBuiltIsNamed() throws IOException {
    Path missing = repository.delete("rollout-service/target/quarkus-app/quarkus-run.jar");
    assertThatThrownBy(() -> services(Map.of()))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("./drpo");
  }

  private InstalledServices services(Map<String, String> environment) {
    return InstalledServices.under(folder, plan, environment);
  }
}
