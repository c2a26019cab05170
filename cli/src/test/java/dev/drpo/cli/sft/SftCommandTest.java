package dev.drpo.cli.sft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SftCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final InterruptingWriter err = new InterruptingWriter();
  private Path model;
  private Path traces;

  @BeforeEach
  void writePolicyAndTraces() throws IOException {
    model = TinyPolicy.write(folder.resolve("model"), 1, TinyPolicy.Preset.SLIM).path();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      int word = 3 + i % 12;
      lines.add(
          "{\"messages\": [{\"role\": \"user\", \"content\": \"w%d\"}, {\"role\": \"assistant\", \"content\": \"w%d w%d\"}]}"
              .formatted(word, word + 1, word));
    }
    traces = Files.write(folder.resolve("traces.jsonl"), lines);
  }

  @Test
  void thePolicyThatIsWrittenHasLearnedTheTracesAndTheDigestThatIsPrinted() throws IOException {
    Path run = folder.resolve("run");
    int exitCode =
        sft(
            run,
            "--epochs=30",
            "--batch=8",
            "--learning-rate=0.02",
            "--heldout=" + traces,
            "--heldout-every=45");

    assertThat(exitCode).as(err.toString()).isZero();
    PolicyFolder policy = new PolicyFolder(run.resolve("policy"));
    assertThat(out.toString()).isEqualTo(policy.path() + " " + digest(policy) + "\n");
    assertThat(policy.path().resolve("tokenizer.json"))
        .hasSameBinaryContentAs(model.resolve("tokenizer.json"));
    List<JsonNode> metrics = metrics(run);
    assertThat(metrics.stream().filter(line -> line.has("loss"))).hasSize(90);
    assertThat(
            metrics.stream()
                .filter(line -> line.has("heldoutLoss"))
                .map(line -> line.get("step").asInt()))
        .containsExactly(0, 45, 90);
    assertThat(metrics.getFirst().get("heldoutLoss").asDouble()).isGreaterThan(2);
    assertThat(metrics.getLast().get("heldoutLoss").asDouble()).isLessThan(0.2);
    assertThat(err.toString())
        .contains(
            "24 traces, 72 response tokens", "memory: ", "step 90/90", "held out after step 90");
    assertThat(run.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void aTrainingThatWasInterruptedGoesOnFromItsCheckpointToTheSameBits() throws IOException {
    assertThat(sft(folder.resolve("whole"), "--steps=9", "--batch=4")).isZero();
    Path broken = folder.resolve("broken");
    String[] options = {
      "--steps=9", "--batch=4", "--checkpoint-every=2", "--heldout=" + traces, "--heldout-every=5"
    };
    err.interruptAt("held out after step 5");
    assertThat(sft(broken, options)).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(steps(broken)).containsExactly(1, 2, 3, 4, 5);
    assertThat(broken.resolve("policy")).doesNotExist();

    assertThat(sft(broken, options)).as(err.toString()).isZero();
    assertThat(err.toString()).contains("going on after step 4");
    assertThat(steps(broken)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(digests()).hasSize(2);
    assertThat(digests().get(1)).isEqualTo(digests().get(0));
  }

  @Test
  void aFolderThatIsDoneIsLeftAloneAndOneOfOtherTermsRefused() throws IOException {
    Path run = folder.resolve("run");
    assertThat(sft(run, "--steps=1")).isZero();
    byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
    assertThat(sft(run, "--steps=1")).isZero();
    assertThat(err.toString()).contains("is done already");
    assertThat(digests().get(1)).isEqualTo(digests().get(0));
    assertThat(run.resolve("metrics.jsonl")).hasBinaryContent(metrics);

    assertThat(sft(run, "--steps=1", "--seed=2")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains(
            run + " holds a training with seed 0, and this one has 2; name another folder with");
    Files.writeString(traces, "{\"prompt\": \"w1\", \"response\": \"w2\"}\n");
    assertThat(sft(run, "--steps=1")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("holds a training with stage 1 ");
  }

  @Test
  void aFolderOfATrainingThatWasRefusedTakesAnother() throws IOException {
    Path malformed = Files.writeString(folder.resolve("malformed.jsonl"), "{}");
    Path run = folder.resolve("run");
    String config = "--config=" + model.resolve("config.json");
    assertThat(execute(List.of(config, "--data=" + malformed, "--out=" + run)))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(malformed + ", line 1: it has no trace");
    for (Path place : List.of(run, folder.resolve("other"))) {
      assertThat(
              execute(
                  List.of(config, "--data=" + traces, "--steps=1", "--seed=5", "--out=" + place)))
          .as(err.toString())
          .isZero();
    }

    assertThat(digests().get(1)).isEqualTo(digests().get(0));
  }

  @Test
  void randomWeightsAreAFunctionOfTheSeed() throws IOException {
    List<String> options =
        List.of("--config=" + model.resolve("config.json"), "--data=" + traces, "--steps=1");
    for (String run : List.of("a1", "b1", "c2")) {
      List<String> all = new ArrayList<>(options);
      all.addAll(List.of("--out=" + folder.resolve(run), "--seed=" + run.charAt(1)));
      assertThat(execute(all)).as(err.toString()).isZero();
    }

    assertThat(digests().get(1)).isEqualTo(digests().get(0));
    assertThat(digests().get(2)).isNotEqualTo(digests().get(0));
    assertThat(Files.readString(folder.resolve("a1/policy/config.json"))).contains("float32");
  }

  @Test
  void aRecipesFilesLieInItsFolderOrInTheOneThatIsNamed() throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yaml"), "stages: [{data: traces.jsonl, steps: 1}]");
    assertThat(
            execute(
                List.of("--model=" + model, "--recipe=" + recipe, "--out=" + folder.resolve("a"))))
        .as(err.toString())
        .isZero();
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(traces, other.resolve("traces.jsonl"));
    assertThat(
            execute(
                List.of(
                    "--model=" + model,
                    "--recipe=" + recipe,
                    "--data-folder=" + other,
                    "--out=" + folder.resolve("b"))))
        .isZero();
    assertThat(digests().get(1)).isEqualTo(digests().get(0));
  }

  @Test
  void twoCommandsDoNotWorkInOneFolder() throws IOException {
    Path run = folder.resolve("run");
    try (FileChannel _ = new SftFolder(run).claim()) {
      assertThat(sft(run, "--steps=1")).isEqualTo(ExitCode.USAGE);
    }
    assertThat(err.toString()).contains("another drpo command works in " + run);
  }

  @Test
  void anInterruptEndsTheCommand() {
    Thread.currentThread().interrupt();

    assertThat(sft(folder.resolve("run"), "--steps=1")).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aFileThatCannotBeWrittenEndsTheCommandWithItsName() throws IOException {
    Path run = folder.resolve("run");
    Files.createDirectories(run.resolve("metrics.jsonl.partial"));

    assertThat(sft(run, "--steps=1")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("a file can't be read or written: ", "metrics.jsonl");
  }

  @Test
  void aTrainingThatDoesNotFitIsRefusedWithThePlan() {
    assertThat(sft(folder.resolve("run"), "--tokens-per-pass=2000000000"))
        .isEqualTo(ExitCode.USAGE);

    assertThat(err.toString())
        .contains(
            "training needs ", " in all: weights ", "are available on cpu; lower --tokens-per");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--data=x | name what to begin with: a policy with --model, or random weights with --config",
        "--model=MODEL --config=x --data=x | --model and --config are both given",
        "--model=MODEL --tokenizer=MODEL --data=x | --tokenizer is for --config; leave it out",
        "--model=no-such --data=x | --model is no-such, which is no folder",
        "--config=no-such --data=x | --config is no-such, which is no file; give a config.json",
        "--model=MODEL | name what to learn: a file of traces with --data, or a --recipe",
        "--model=MODEL --data=no-such | no-such is no file; give a file of traces",
        "--model=MODEL --data=TRACES --heldout=no-such | no-such is no file; give a file of traces",
        "--model=MODEL --recipe=no-such | --recipe is no-such, which is no file",
        "--model=MODEL --recipe=TRACES --batch=3 | --recipe says what is learned and how",
        "--model=MODEL --data=TRACES --data-folder=x | --data-folder is for --recipe",
        "--model=MODEL --data=TRACES --batch=0 | --batch is 0; it must be 1 or more",
        "--model=MODEL --data=TRACES --steps=2 --epochs=1 | --steps and epochs are both given",
        "--model=MODEL --data=TRACES --schedule=step | --schedule is step; it must be one of",
        "--model=MODEL --data=TRACES --weigh=words | --weigh is words; it must be one of tokens",
        "--model=MODEL --data=TRACES --beta2=1 | --beta2 is 1.0; it must be in [0, 1)",
        "--model=MODEL --data=TRACES --workers=0 | --workers is 0; it must be 1 or more",
        "--model=MODEL --data=TRACES --threads=0 | --threads is 0; it must be 1 or more",
        "--model=MODEL --data=TRACES --dtype=int8 | --dtype is int8; it must be float32 or bfloat16",
        "--model=MODEL --data=TRACES --tokens-per-pass=0 | --tokens-per-pass is 0",
        "--model=MODEL --data=TRACES --max-tokens=0 | --max-tokens is 0; it must be 1 or more",
        "--model=MODEL --data=TRACES --heldout-every=0 | --heldout-every is 0",
        "--model=MODEL --data=TRACES --checkpoint-every=0 | --checkpoint-every is 0"
      })
  void impossibleOptionsAreRefusedByNameBeforeAnythingIsWritten(String options, String message) {
    Path run = folder.resolve("run");
    List<String> arguments = new ArrayList<>(List.of("--out=" + run));
    arguments.addAll(
        Arrays.asList(
            options
                .replace("MODEL", model.toString())
                .replace("TRACES", traces.toString())
                .split(" ", -1)));

    assertThat(execute(arguments)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(message);
    assertThat(run).doesNotExist();
  }

  private int sft(Path run, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("--model=" + model, "--data=" + traces, "--out=" + run));
    arguments.addAll(List.of(options));
    return execute(arguments);
  }

  private int execute(List<String> options) {
    List<String> arguments = new ArrayList<>(List.of("sft"));
    arguments.addAll(options);
    return Drpo.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private static List<Integer> steps(Path run) throws IOException {
    return metrics(run).stream()
        .filter(line -> line.has("loss"))
        .map(line -> line.get("step").asInt())
        .toList();
  }

  /** Asks the thread to end when a text is written to it. */
  private static final class InterruptingWriter extends StringWriter {
    private Optional<String> trigger = Optional.empty();

    void interruptAt(String text) {
      trigger = Optional.of(text);
    }

    @Override
    public void write(String text, int offset, int length) {
      super.write(text, offset, length);
      if (trigger.filter(text::contains).isPresent()) {
        trigger = Optional.empty();
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The digests that were printed. */
  private List<String> digests() {
    return out.toString().lines().map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList();
  }

  private static String digest(PolicyFolder policy) {
    try (Safetensors weights = policy.openWeights()) {
      return PolicyDigest.of(weights).hex();
    }
  }

  private static List<JsonNode> metrics(Path run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}
