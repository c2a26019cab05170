package dev.drpo.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.Machines;
import dev.drpo.cli.run.Repository;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainPlanningTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);
  private static final String COMPLETE =
      """
      run: {id: mine}
      policy: {path: policy}
      data: {train: train.jsonl, heldout: heldout.jsonl}
      """;

  @TempDir Path folder;
  private Repository repository;
  private Path current;

  @BeforeEach
  void prepare() throws IOException {
    repository = Repository.in(folder.resolve("repository"));
    current = Files.createDirectories(folder.resolve("elsewhere"));
    Path inputs = repository.root().resolve("datasets/quickstart");
    Files.createSymbolicLink(current.resolve("policy"), inputs.resolve("policy"));
    Files.writeString(current.resolve("train.jsonl"), "");
    Files.writeString(
        current.resolve("heldout.jsonl"),
        """
        {"id": "a", "messages": [{"role": "user", "content": "1 + 1"}], "gold": "2"}
        """);
  }

  @Test
  void aConfigurationIsARunWithABrokerAndAFolderOfItsOwn() throws IOException {
    RunPlan plan = plan(COMPLETE, "objective.lambda=0.2");

    assertThat(plan.broker()).isEmpty();
    assertThat(plan.folder().path()).isEqualTo(current.resolve("runs/mine-20260304-050607"));
    assertThat(plan.config().run().directory()).isEqualTo(plan.folder().path());
    assertThat(plan.config().policy().path()).isEqualTo(current.resolve("policy"));
    assertThat(plan.config().data().train()).isEqualTo(current.resolve("train.jsonl"));
    assertThat(plan.config().objective().lengthTemperature()).hasValue(0.2);
    assertThat(plan.folder().path()).doesNotExist();
  }

  @Test
  void certificatesAndTheBrokersSettingsAreWhereTheUserIs() throws IOException {
    RunPlan plan =
        plan(
            "kafka: {bootstrap-servers: 'b:1', client-properties: broker.properties}\n"
                + "tls: {trusted: ca.crt}\n"
                + COMPLETE);
    assertThat(plan.config().kafka().clientProperties())
        .isEqualTo(current.resolve("broker.properties").toString());
    assertThat(plan.config().tls().trusted()).isEqualTo(current.resolve("ca.crt").toString());
    assertThat(plan.config().tls().key()).isEmpty();
  }

  @Test
  void aPresetIsNamedByTheFileOrByTheOptionButNotDifferentlyByBoth() throws IOException {
    assertThat(plan("preset: drpo-7b-8k\n" + COMPLETE).config().optimizer().learningRate())
        .isEqualTo(1e-6);
    assertThat(planning(Map.of()).plan(preset("drpo-1.5b-8k", COMPLETE)).config().weights().type())
        .isEqualTo(Precision.BFLOAT16);
    assertThatThrownBy(
            () ->
                planning(Map.of()).plan(preset("drpo-1.5b-8k", "preset: drpo-7b-8k\n" + COMPLETE)))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("--preset is drpo-1.5b-8k")
        .hasMessageContaining("names the preset drpo-7b-8k");
    assertThatThrownBy(() -> planning(Map.of()).plan(preset("fast", COMPLETE)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("preset is fast");
  }

  @Test
  void theQuickstartsPresetBringsItsPolicyAndItsData() {
    RunPlan plan =
        planning(Map.of())
            .plan(
                new TrainOptions(
                    TrainOptions.Command.TRAIN,
                    Optional.empty(),
                    Optional.of("quickstart"),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    OptionalInt.of(3)));

    assertThat(plan.config().data().train())
        .isEqualTo(repository.root().resolve("datasets/quickstart/train.jsonl"));
    assertThat(plan.rollouts()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "policy: {path: policy}   | data.train is not set; set it to a JSON-lines file",
        "data: {train: t.jsonl}   | policy.path is not set; set it to the Hugging Face folder",
        "'policy: {path: policy}\ndata: {train: train.jsonl}' | data.heldout is not set",
        "objective: {lamda: 1}    | unknown key objective.lamda in",
        "learner: {address: 'a:1'} | learner.address is a:1; train chooses the learner's port",
        "learner: {exit-when-complete: true} | is true; train ends the learner itself",
        "kafka: {client-properties: a} | is a; train starts a broker of its own, which is plain",
      })
  void whatIsMissingOrUnknownIsNamed(String yaml, String message) {
    assertThatThrownBy(() -> plan(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "policy.path=nowhere   | nowhere, which is no folder",
        "data.train=no.jsonl   | data.train is",
        "data.heldout=no.jsonl | no.jsonl, which is no readable file",
        "evaluation.sets=year  | evaluation.sets is year, but the held-out problem",
        "rollout.slots=900000000 | does not fit into this machine's memory: the learner needs",
      })
  void inputsThatCanNotBeUsedAreNamed(String override, String message) {
    assertThatThrownBy(() -> plan(COMPLETE, override))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(message);
  }

  @Test
  void withoutEvaluationNoHeldOutProblemsAreNeeded() throws IOException {
    String yaml = "policy: {path: policy}\ndata: {train: train.jsonl}\nevaluation: {problems: 0}";
    assertThat(plan(yaml).config().evaluation().problems()).isZero();
  }

  @Test
  void withoutAConfigurationThereIsNothingToTrain() {
    assertThatThrownBy(() -> planning(Map.of()).plan(out("nothing")))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("name its file with --config")
        .hasMessageContaining("drpo-1.5b-8k");
  }

  @Test
  void aBrokerIsGivenByTheOptionTheFileOrTheEnvironmentEvenAtItsDefault() throws IOException {
    assertThat(plan(COMPLETE + "kafka: {bootstrap-servers: 'localhost:9092'}").broker())
        .contains("localhost:9092");
    Path file = write(COMPLETE);
    assertThat(
            planning(Map.of("DRPO_KAFKA_BOOTSTRAP_SERVERS", "kafka:1"))
                .plan(options(file, Optional.empty(), Optional.of("kafka:2"), Map.of()))
                .broker())
        .contains("kafka:2");
    assertThatThrownBy(
            () ->
                planning(Map.of())
                    .plan(options(file, Optional.empty(), Optional.of("kafka"), Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("--broker is kafka; it must be host:port");
  }

  @Test
  void aRunGoesOnInItsFolderWithWhatItBeganWith() throws IOException {
    RunPlan first = begin(Optional.empty());
    Files.createDirectories(first.folder().kafka());

    RunPlan resumed = planning(Map.of("DRPO_RUN_SEED", "7")).plan(out("out"));
    assertThat(resumed.config()).isEqualTo(first.config());
    assertThat(resumed.broker()).isEmpty();

    RunPlan longer =
        planning(Map.of())
            .plan(
                options(
                    write(COMPLETE),
                    Optional.of(Path.of("out")),
                    Optional.empty(),
                    Map.of("training.steps", "9")));
    assertThat(longer.config().training().steps()).isEqualTo(9);
    assertThat(Earlier.in(first.folder()).changes(longer.config()))
        .containsExactly("training.steps from 1000 to 9");
  }

  @Test
  void aRunOfAGivenBrokerGoesOnThere() throws IOException {
    begin(Optional.of("kafka:1"));

    assertThat(planning(Map.of()).plan(out("out")).broker()).contains("kafka:1");
    assertThat(
            planning(Map.of())
                .plan(
                    options(
                        write(COMPLETE), Optional.of(Path.of("out")), Optional.empty(), Map.of()))
                .broker())
        .contains("kafka:1");
  }

  @Test
  void aRunIsNotMovedToAnotherBrokerAndNotMistakenForAnother() throws IOException {
    RunPlan first = begin(Optional.empty());
    Files.createDirectories(first.folder().kafka());
    Path file = write(COMPLETE);
    Optional<Path> out = Optional.of(Path.of("out"));

    assertThatThrownBy(
            () -> planning(Map.of()).plan(options(file, out, Optional.of("kafka:1"), Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("a broker of its own, not at kafka:1");
    assertThatThrownBy(
            () ->
                planning(Map.of())
                    .plan(options(file, out, Optional.empty(), Map.of("run.seed", "5"))))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("holds a run with run.seed 0, but it is now 5");
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    Files.writeString(Files.createDirectories(current.resolve("out")).resolve("notes"), "");
    assertThatThrownBy(
            () ->
                planning(Map.of())
                    .plan(
                        options(
                            write(COMPLETE),
                            Optional.of(Path.of("out")),
                            Optional.empty(),
                            Map.of())))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("is not empty and holds no run");
  }

  private RunPlan begin(Optional<String> broker) throws IOException {
    RunPlan plan =
        planning(Map.of())
            .plan(options(write(COMPLETE), Optional.of(Path.of("out")), broker, Map.of()));
    RunClaim.of(plan).close();
    return plan;
  }

  private RunPlan plan(String yaml, String... overrides) throws IOException {
    return planning(Map.of())
        .plan(
            options(
                write(yaml), Optional.empty(), Optional.empty(), Overrides.of(List.of(overrides))));
  }

  private TrainPlanning planning(Map<String, String> environment) {
    return new TrainPlanning(repository.root(), current, environment, CLOCK, Machines.with(8, 80));
  }

  private TrainOptions preset(String preset, String yaml) throws IOException {
    return new TrainOptions(
        TrainOptions.Command.TRAIN,
        Optional.of(write(yaml)),
        Optional.of(preset),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        OptionalInt.empty());
  }

  private static TrainOptions options(
      Path config, Optional<Path> out, Optional<String> broker, Map<String, String> overrides) {
    return new TrainOptions(
        TrainOptions.Command.TRAIN,
        Optional.of(config),
        Optional.empty(),
        out,
        broker,
        overrides,
        OptionalInt.empty());
  }

  private static TrainOptions out(String out) {
    return new TrainOptions(
        TrainOptions.Command.TRAIN,
        Optional.empty(),
        Optional.empty(),
        Optional.of(Path.of(out)),
        Optional.empty(),
        Map.of(),
        OptionalInt.empty());
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(current.resolve("my.yaml"), yaml + "\n");
  }
}
