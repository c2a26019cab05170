package dev.drpo.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareCommandTest {
  private static final String FILE =
      """
      title: One method
      base:
        preset: quickstart
        training.steps: 3
        policy: {path: ROOT/policy}
        data: {train: ROOT/train.jsonl, heldout: ROOT/heldout.jsonl}
      learning-rates: [3e-4]
      seeds: [1]
      methods: [{name: GRPO, keys: {objective.name: grpo%s}}]
      """;

  @TempDir Path folder;
  private final StringWriter errors = new StringWriter();

  @Test
  void aMethodThatTheConfigurationRefusesIsNamedBeforeAnythingIsTrained() throws IOException {
    assertThat(compare(FILE.formatted(", objective.lambda: 0.2"))).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("GRPO").contains("objective.lambda");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aRunOfAnotherConfigurationInTheFolderIsRefused() throws IOException {
    aRunOfSevenStepsLiesThere();
    assertThat(compare(FILE.formatted(""))).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("training.steps 7").contains("3 now").contains("--out");
  }

  @Test
  void keysOfAllRunsWinOverTheFile() throws IOException {
    aRunOfSevenStepsLiesThere();
    assertThat(compare(FILE.formatted(""), "training.steps=5")).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("training.steps 7").contains("5 now");
  }

  @Test
  void aKeyThatRunsDifferInIsNotOneOfAll() throws IOException {
    for (String key : List.of("objective.name=drpo", "run.seed=4", "optimizer.learning-rate=1")) {
      assertThat(compare(FILE.formatted(""), key)).isEqualTo(ExitCode.USAGE);
      assertThat(errors.toString()).contains(key.substring(0, key.indexOf('='))).contains("GRPO");
    }
    assertThat(compare(FILE.formatted(""), "no.such=1")).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("no.such");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aPolicyThatIsNotThereIsToldOnceAndBeforeAnythingIsTrained() throws IOException {
    assertThat(compare(FILE.formatted(""), "policy.path=" + folder)).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString())
        .containsOnlyOnce("the policy folder " + folder + " lacks a readable config.json");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aReportAloneTrainsNothingAndNamesWhatLacks() throws IOException {
    assertThat(compare(FILE.formatted(""), "--report-only")).isEqualTo(ExitCode.FAILED);
    assertThat(errors.toString()).contains("not trained: GRPO, learning rate 3e-4, seed 1");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anUnknownPresetNamesTheKnownOnes() {
    CommandLine drpo = Drpo.commandLine().setErr(new PrintWriter(errors));
    assertThat(drpo.execute("compare", "--preset", "large", "--out", folder.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("--preset is large; known are study, study-small");
  }

  private void aRunOfSevenStepsLiesThere() throws IOException {
    Path run = folder.resolve("out/runs/grpo-rate-3e-4-seed-1");
    Files.createDirectories(run);
    Files.writeString(
        run.resolve("run.yaml"),
        inQuickstart(
            """
            training: {steps: 7}
            policy: {path: ROOT/policy}
            data: {train: ROOT/train.jsonl, heldout: ROOT/heldout.jsonl}
            """));
  }

  private static String inQuickstart(String text) {
    Path root = Path.of(System.getProperty("drpo.root"), "datasets/quickstart");
    return text.replace("ROOT", root.toString());
  }

  private int compare(String text, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("comparison.yaml"), inQuickstart(text));
    CommandLine drpo = Drpo.commandLine().setErr(new PrintWriter(errors));
    List<String> words = new ArrayList<>(List.of("compare", "--config", file.toString()));
    words.addAll(List.of("--out", folder.resolve("out").toString()));
    words.addAll(List.of(options));
    return drpo.execute(words.toArray(String[]::new));
  }
}
