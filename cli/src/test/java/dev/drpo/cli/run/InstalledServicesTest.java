package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.ServiceSpec.Launch;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledServicesTest {
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
                Map.of("training.threads", "2", "rollout.threads", "3")),
            1);
  }

  @Test
  void servicesAreConfiguredByTheirPublicVariablesAlone() {
    Launch learner = services(Map.of()).learner("127.0.0.1:9").launch().apply(4711);

    assertThat(learner.command().getLast())
        .isEqualTo(folder.resolve("learner-service/target/quarkus-app/quarkus-run.jar").toString());
    assertThat(learner.environment())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "DRPO_CONFIG", folder.resolve("out/run.yaml").toString(),
                "DRPO_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9",
                "DRPO_LEARNER_ADDRESS", "127.0.0.1:4711",
                "DRPO_REPLICA", "learner",
                "DRPO_PARENT_PID", String.valueOf(ProcessHandle.current().pid()),
                "OMP_NUM_THREADS", "2",
                "OPT_OUT_TRACKING", "true",
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", "4711"));
  }

  @Test
  void everyVariableIsKnownToTheConfiguration() {
    InstalledServices services = services(Map.of());
    for (Launch launch :
        new Launch[] {
          services.reward("127.0.0.1:9").launch().apply(1),
          services.learner("127.0.0.1:9").launch().apply(1),
          services.rollout(1, "127.0.0.1:9", "127.0.0.1:8").launch().apply(1)
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
            .apply(1);

    assertThat(rollout.environment())
        .doesNotContainKey("DRPO_OBJECTIVE_LAMBDA")
        .containsEntry("HOME", "/home/me")
        .containsEntry("DRPO_REPLICA", "rollout-2")
        .containsEntry("DRPO_LEARNER_ADDRESS", "127.0.0.1:8")
        .containsEntry("OMP_NUM_THREADS", "3");
  }

  @Test
  void theBrokerKeepsItsDataInTheRunFolder() {
    assertThat(services(Map.of()).broker().launch().apply(1).command())
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
