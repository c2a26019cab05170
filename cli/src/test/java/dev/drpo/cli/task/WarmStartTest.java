package dev.drpo.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.task.WarmStartRecipe.Cycle;
import dev.drpo.cli.task.WarmStartRecipe.Stage;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {
  private static final Path COMMITTED =
      Path.of(System.getProperty("drpo.root"), "datasets", "quickstart", "policy");
  private static final List<String> TEXT_FILES =
      List.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json");

  @TempDir Path folder;

  private final StringWriter console = new StringWriter();

  @BeforeEach
  void prepareTheEngine() {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
  }

  @Test
  void theSameSeedGivesTheSamePolicyByteForByte() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Path other = folder.resolve("other");
    assertThat(trial(first, 1)).isZero();
    assertThat(trial(second, 1)).isZero();
    assertThat(trial(other, 2)).isZero();
    Path weights = Path.of("model.safetensors");
    assertThat(first.resolve(weights)).hasSameBinaryContentAs(second.resolve(weights));
    assertThat(Files.mismatch(first.resolve(weights), other.resolve(weights))).isNotNegative();
    assertThat(new PolicyFolder(first).config()).isEqualTo(PolicyFiles.ARCHITECTURE);
    assertThat(console.toString()).contains("accuracy", "temperature 0.6");
  }

  @Test
  void theLossFallsWithinAFewSteps() throws Exception {
    var recipe =
        new WarmStartRecipe(
            List.of(
                new Cycle(3e-3, List.of(new Stage("foundation", 30, 16, TraceMix.FOUNDATION)))));
    try (NDManager manager = TensorEngine.newManager();
        WarmStart warmStart = WarmStart.begin(manager, PolicyFiles.ARCHITECTURE, recipe, 3)) {
      double first = warmStart.step().loss();
      double last = first;
      while (!warmStart.finished()) {
        last = warmStart.step().loss();
      }
      // A guess among 46 words costs ln 46 = 3.83 nats.
      assertThat(first).isBetween(3.5, 5.0);
      assertThat(last).isLessThan(2.5);
    }
  }

  @Test
  void impossibleOptionsAreRefusedByName() {
    assertThat(run("--out", folder.toString(), "--threads", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--out", folder.toString(), "--steps-scale", "NaN")).isEqualTo(ExitCode.USAGE);
    assertThat(run("--out", folder.toString(), "--evaluated-problems", "-1"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(console.toString())
        .contains(
            "--threads is 0; it must be 1 or more",
            "--steps-scale is NaN",
            "--evaluated-problems is -1");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedBeforeTraining() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "not a folder");
    assertThat(run("--out", file.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(console.toString())
        .contains("no file can be written in " + file, "--out")
        .doesNotContain("step ");
  }

  @Test
  void anInterruptEndsTheWorkBetweenStepsAndLeavesTheFolderAsItWas() {
    Thread.currentThread().interrupt();
    assertThat(run("--out", folder.toString())).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theCommittedTextFilesAreWhatTheCommandWrites() throws IOException {
    PolicyFiles.write(folder);
    for (String file : TEXT_FILES) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(COMMITTED.resolve(file));
    }
  }

  @Test
  void theCommittedPolicyIsOftenRightAndLongWinded() throws InterruptedException {
    try (NDManager manager = TensorEngine.newManager();
        Safetensors weights = new PolicyFolder(COMMITTED).openWeights();
        Decoder policy = Decoder.load(manager, PolicyFiles.ARCHITECTURE, weights)) {
      HeldOutEvaluation.Result result = HeldOutEvaluation.of(policy, 64, 0.6);
      assertThat(result.samples()).isEqualTo(256);
      assertThat(result.accuracy()).isGreaterThan(0.9);
      assertThat(result.meanLength()).isBetween(120.0, 180.0);
    }
  }

  /** One step of each stage. */
  private int trial(Path out, int seed) {
    return run("--out=" + out, "--seed=" + seed, "--steps-scale=1e-9", "--evaluated-problems=2");
  }

  private int run(String... options) {
    String[] arguments =
        Stream.concat(Stream.of("warm-start"), Stream.of(options)).toArray(String[]::new);
    var writer = new PrintWriter(console);
    return Drpo.commandLine().setOut(writer).setErr(writer).execute(arguments);
  }
}
