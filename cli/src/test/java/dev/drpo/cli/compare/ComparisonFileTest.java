package dev.drpo.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonFileTest {
  private static final String GOOD =
      """
      title: Two methods
      level: level
      base: {preset: quickstart, training: {steps: 5, threads: 1}}
      learning-rates: [3e-4, 1e-4]
      tuning-seeds: [9]
      seeds: [1, 2]
      methods:
        - {name: GRPO, keys: {objective.name: grpo}}
        - name: DRPO
          keys: {objective: {name: drpo}}
          strength: {key: objective.lambda, values: [0.1, 0.5]}
      """;

  @TempDir Path folder;

  @Test
  void everyMethodAndStrengthIsOfferedEveryRateByTuningSeedsAlone() throws IOException {
    Comparison comparison = read(GOOD);
    assertThat(comparison.base())
        .isEqualTo(Map.of("preset", "quickstart", "training.steps", "5", "training.threads", "1"));
    List<Cell> tuning = comparison.tuning();
    assertThat(tuning).hasSize(3 * 2).allMatch(cell -> cell.seed() == 9);
    assertThat(tuning.getLast().keys())
        .isEqualTo(
            Map.of(
                "objective.name", "drpo",
                "objective.lambda", "0.5",
                "optimizer.learning-rate", "1e-4",
                "run.seed", "9"));
    Comparison.Method drpo = comparison.methods().getLast();
    assertThat(comparison.reported(drpo, "0.1", "3e-4").stream().map(Cell::seed))
        .containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "small", "guess", "facts", "passes"})
  void everyRunOfAShippedFileHasAConfiguration(String name) throws IOException {
    Path root = Path.of(System.getProperty("drpo.root"));
    Comparison comparison = ComparisonFile.read(root.resolve("datasets/study/" + name + ".yaml"));
    for (Comparison.Method method : comparison.methods()) {
      for (String strength : method.strengths()) {
        for (Cell cell : comparison.reported(method, strength, "1e-4")) {
          assertThat(cell.configuration(comparison.base()).training().steps()).isPositive();
        }
      }
    }
  }

  @Test
  void oneStrengthChoosesTheRateOfAllWhereTheFileSaysSo() throws IOException {
    Comparison comparison = read(GOOD.replace("[0.1, 0.5]", "[0.1, 0.5], tuned-at: 0.5"));
    assertThat(comparison.tuning()).hasSize(2 * 2).last().returns("0.5", Cell::strength);
    assertThat(comparison.methods().getLast().tunedFor("0.1")).isEqualTo("0.5");
    assertThat(comparison.methods().getFirst().tunedFor("")).isEmpty();
  }

  @Test
  void noTwoRunsShareAFolder() throws IOException {
    List<String> slugs = read(GOOD).tuning().stream().map(Cell::slug).toList();
    assertThat(new HashSet<>(slugs)).hasSameSizeAs(slugs);
    assertThat(slugs).allMatch(slug -> slug.matches("[a-z0-9.-]{1,100}"));
    assertThat(slugs.getLast()).isEqualTo("drpo-lambda-0.5-rate-1e-4-seed-9");
  }

  @Test
  void aMethodCanHaveMoreSeedsWhichComeLast() throws IOException {
    Comparison comparison =
        read(GOOD.replace("{objective.name: grpo}", "{objective.name: grpo}, more-seeds: [7, 4]"));
    List<Cell> reported = new ArrayList<>();
    for (Comparison.Method method : comparison.methods()) {
      reported.addAll(comparison.reported(method, method.strengths().getFirst(), "1e-4"));
    }
    assertThat(comparison.bySeed(reported))
        .extracting(cell -> cell.method().name() + " " + cell.seed())
        .containsExactly("GRPO 1", "DRPO 1", "GRPO 2", "DRPO 2", "GRPO 7", "GRPO 4");
    assertThat(comparison.tuning()).allMatch(cell -> cell.seed() == 9);
  }

  @Test
  void oneRateNeedsNoTuning() throws IOException {
    assertThat(
            read(GOOD.replace("[3e-4, 1e-4]", "[3e-4]").replace("tuning-seeds: [9]\n", ""))
                .tuning())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tuning-seeds: [9]         | tuning-seeds: []          | tuning-seeds is empty
          tuning-seeds: [9]         | tuning-seeds: [2]         | share [2]
          seeds: [1, 2]             | seeds: [1, 1]             | has a value twice
          values: [0.1, 0.5]        | values: [0.1, 0.5], tuned-at: 0.2 | DRPO.strength.tuned-at is 0.2; it must be one of the values [0.1, 0.5]
          {objective.name: grpo}    | {objective.name: grpo}, more-seeds: [2] | seeds with GRPO.more-seeds has a value twice: [1, 2, 2]
          {objective.name: grpo}    | {objective.name: grpo}, more-seeds: [9] | share [9]
          seeds: [1, 2]             | sedes: [1, 2]             | unknown key sedes
          learning-rates            | rates                     | unknown key rates
          values: [0.1, 0.5]        | values: []                | strength.values is empty
          name: GRPO                | name: DRPO                | methods has a value twice
          title: Two methods        | level2: x                 | unknown key level2
          """)
  void whatMakesNoComparisonIsRefused(String from, String to, String message) {
    assertThatThrownBy(() -> read(GOOD.replaceFirst(Pattern.quote(from), to)))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("comparison.yaml")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "small"})
  void theShippedComparisonsAreSome(String name) throws IOException {
    Path shipped = Path.of(System.getProperty("drpo.root"), "datasets/study", name + ".yaml");
    assertThat(ComparisonFile.read(shipped).methods()).hasSizeGreaterThan(3);
  }

  private Comparison read(String text) throws IOException {
    return ComparisonFile.read(Files.writeString(folder.resolve("comparison.yaml"), text));
  }
}
