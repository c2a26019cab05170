package dev.drpo.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.Machine;
import dev.drpo.cli.run.Repository;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.cli.train.TrainOptions;
import dev.drpo.cli.train.TrainPlanning;
import dev.drpo.runtime.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code drpo quickstart} plans its runs as {@code drpo train} does. */
class QuickstartPlanningTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  private Repository repository;
  private Path current;

  @BeforeEach
  void prepare() throws IOException {
    repository = Repository.in(folder.resolve("repository"));
    current = Files.createDirectories(folder.resolve("elsewhere"));
  }

  @Test
  void aRunGetsAFreshFolderAndThePresetsInputsInTheRepository() throws IOException {
    RunPlan plan = planning(Map.of()).plan(options(null, Map.of("objective.lambda", "0.2")));

    assertThat(plan.folder().path()).isEqualTo(current.resolve("runs/quickstart-20260304-050607"));
    assertThat(plan.config().run().directory()).isEqualTo(plan.folder().path());
    assertThat(plan.config().data().train())
        .isEqualTo(repository.root().resolve("datasets/quickstart/train.jsonl"));
    assertThat(plan.config().policy().path())
        .isEqualTo(repository.root().resolve("datasets/quickstart/policy"));
    assertThat(plan.config().objective().lengthTemperature()).hasValue(0.2);
    assertThat(plan.config().run().id()).isEqualTo("quickstart");
    assertThat(plan.folder().path()).doesNotExist();

    Files.createDirectories(plan.folder().path());
    assertThat(planning(Map.of()).plan(options(null, Map.of())).folder().path())
        .isEqualTo(current.resolve("runs/quickstart-20260304-050607-2"));
  }

  @Test
  void itIsTheRunThatTrainMakesOfThePreset() {
    Map<String, String> overrides = Map.of("objective.name", "grpo", "run.seed", "3");
    RunPlan trained =
        planning(Map.of())
            .plan(
                new TrainOptions(
                    TrainOptions.Command.TRAIN,
                    Optional.empty(),
                    Optional.of("quickstart"),
                    Optional.empty(),
                    Optional.empty(),
                    overrides,
                    OptionalInt.of(1)));
    assertThat(planning(Map.of()).plan(options(null, overrides))).isEqualTo(trained);
  }

  @Test
  void theUsersPathsAreRelativeToWhereTheUserIs() throws IOException {
    Files.writeString(current.resolve("mine.jsonl"), "");
    Files.writeString(current.resolve("my.yaml"), "data: {train: mine.jsonl}\n");

    RunPlan plan =
        planning(Map.of())
            .plan(
                TrainOptions.quickstart(
                    Optional.of(Path.of("my.yaml")),
                    Optional.of(Path.of("out")),
                    Map.of(),
                    OptionalInt.of(2),
                    false));

    assertThat(plan.config().data().train()).isEqualTo(current.resolve("mine.jsonl"));
    assertThat(plan.folder().path()).isEqualTo(current.resolve("out"));
    assertThat(plan.rollouts()).isEqualTo(2);
  }

  @Test
  void aFolderInUseIsRefusedWithoutResume() throws IOException {
    Files.createDirectories(current.resolve("out/kafka"));

    assertThatThrownBy(() -> planning(Map.of()).plan(options("out", Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(current.resolve("out") + " is not empty")
        .hasMessageContaining("--resume");
  }

  @Test
  void aResumedRunKeepsItsConfigurationButMayHaveMoreSteps() throws IOException {
    RunPlan first =
        planning(Map.of()).plan(options("out", Map.of("training.steps", "5", "run.seed", "9")));
    RunClaim.of(first).close();

    RunPlan resumed =
        planning(Map.of("DRPO_RUN_SEED", "1")).plan(resume("out", Map.of("training.steps", "8")));

    assertThat(resumed.config().run()).isEqualTo(first.config().run());
    assertThat(resumed.config().training().steps()).isEqualTo(8);
    assertThat(resumed.broker()).isEmpty();
    assertThatThrownBy(() -> planning(Map.of()).plan(resume("out", Map.of("run.seed", "1"))))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("keeps the configuration");
    assertThatThrownBy(() -> planning(Map.of()).plan(resume("nothing", Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("no run to resume");
    assertThatThrownBy(() -> planning(Map.of()).plan(resume(null, Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("--resume needs --out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "datasets/quickstart/train.jsonl",
        "datasets/quickstart/heldout.jsonl",
        "datasets/quickstart/policy/tokenizer.json",
      })
  void aMissingInputIsNamed(String input) throws IOException {
    Path missing = repository.delete(input);

    assertThatThrownBy(() -> planning(Map.of()).plan(options(null, Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(missing.getFileName().toString())
        .hasMessageContaining(missing.getParent().toString());
  }

  @Test
  void aPolicyWhoseTensorsDoNotFitItsArchitectureIsRefused() throws IOException {
    Path config = repository.root().resolve("datasets/quickstart/policy/config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"intermediate_size\": 4", "\"intermediate_size\": 8"));

    assertThatThrownBy(() -> planning(Map.of()).plan(options(null, Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("model.safetensors: tensor model.layers.0.mlp.gate_proj.weight")
        .hasMessageContaining("has shape [4, 4], but config.json asks for [8, 4]");
  }

  @ParameterizedTest
  @CsvSource({
    "DRPO_KAFKA_BOOTSTRAP_SERVERS, kafka:9092,  a broker of its own",
    "DRPO_LEARNER_ADDRESS,         learner:80, chooses the learner's port",
    "DRPO_OBJECTIVE_NAME,          ppo,        objective.name is ppo",
    "DRPO_REWARD_CONVENTIONS,      mood:good,  reward.conventions: unknown convention",
    "DRPO_REWARD_CONVENTIONS,      units:some, reward.conventions: convention units is",
    "DRPO_OBJECTIVE_LAMDA,         1,          DRPO_OBJECTIVE_LAMBDA?",
  })
  void whatCanNotBeHonouredIsRefused(String variable, String value, String message) {
    assertThatThrownBy(() -> planning(Map.of(variable, value)).plan(options(null, Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFolderHasOneCommandAtATime() throws IOException {
    RunPlan plan = planning(Map.of()).plan(options("out", Map.of()));
    try (RunClaim _ = RunClaim.of(plan)) {
      assertThatThrownBy(() -> RunClaim.of(plan))
          .isInstanceOf(UsageError.class)
          .hasMessageContaining("another drpo command works in the run folder");
    }
    RunClaim.of(plan).close();
  }

  private TrainPlanning planning(Map<String, String> environment) {
    return new TrainPlanning(repository.root(), current, environment, CLOCK, Machine.here());
  }

  private static TrainOptions options(String out, Map<String, String> overrides) {
    return TrainOptions.quickstart(
        Optional.empty(),
        Optional.ofNullable(out).map(Path::of),
        overrides,
        OptionalInt.empty(),
        false);
  }

  private static TrainOptions resume(String out, Map<String, String> overrides) {
    return TrainOptions.quickstart(
        Optional.empty(),
        Optional.ofNullable(out).map(Path::of),
        overrides,
        OptionalInt.empty(),
        true);
  }
}
