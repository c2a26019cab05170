package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparedMethodTest {
  @TempDir Path folder;

  @Test
  void runsOfAMethodAndStrengthAreOnePoint() {
    List<ComparedMethod> points =
        ComparedMethod.of(
            List.of(run("DRPO", "0.1", 1), run("GRPO", "", 1), run("DRPO", "0.1", 2)));
    assertThat(points).hasSize(2);
    ComparedMethod drpo = points.getFirst();
    assertThat(drpo.runs()).extracting(ComparedRun::seed).containsExactly(1L, 2L);
    assertThat(drpo.accuracyByLevel())
        .containsExactlyInAnyOrderEntriesOf(Map.of("0", 1.0, "1", 0.5));
    assertThat(drpo.accuracyInterval().low()).isLessThan(0.75);
    assertThat(drpo.accuracyInterval().high()).isGreaterThan(0.75);
  }

  /** Where seeds do not differ, the interval is that of the problems: about two standard errors. */
  @Test
  void theIntervalOfEqualSeedsIsThatOfTheProblems() {
    Random random = new Random(1);
    double[] problems = random.doubles(400).map(value -> value < 0.8 ? 1 : 0).toArray();
    double mean = Arrays.stream(problems).average().orElseThrow();
    double error = Math.sqrt(mean * (1 - mean) / problems.length);
    Interval interval = SeedBootstrap.of(List.of(problems, problems, problems));
    assertThat(interval.low()).isCloseTo(mean - 1.96 * error, within(0.4 * error));
    assertThat(interval.high()).isCloseTo(mean + 1.96 * error, within(0.4 * error));
  }

  /** Where problems do not differ, it is that of the seeds. */
  @Test
  void seedsThatDifferWidenTheInterval() {
    List<double[]> seeds = new ArrayList<>();
    for (double accuracy : new double[] {0.2, 0.9}) {
      double[] problems = new double[100];
      Arrays.fill(problems, accuracy);
      seeds.add(problems);
    }
    Interval interval = SeedBootstrap.of(seeds);
    assertThat(interval.low()).isCloseTo(0.2, within(1e-9));
    assertThat(interval.high()).isCloseTo(0.9, within(1e-9));
  }

  @Test
  void aReportHasItsTablesItsRunsAndItsFigures() throws IOException {
    ComparisonReport.write(
        folder, "Two, \"quoted\"", List.of(run("DRPO", "0.1", 1), run("GRPO", "", 1)));
    assertThat(folder.resolve("comparison.md"))
        .content()
        .contains("| DRPO | 0.1 |")
        .contains("## Less DRPO, 0.1, on the same seeds and problems")
        .contains("| GRPO |  | 1 | +0.0 | +0.0 to +0.0 | +0.0 | +0.0 to +0.0 |")
        .contains("level 1")
        .contains("frontier.png");
    assertThat(folder.resolve("comparison.html")).content().contains("<svg").contains("GRPO");
    assertThat(Files.readAllLines(folder.resolve("runs.csv"))).hasSize(3);
    for (String figure : List.of("frontier.png", "frontier.svg", "curves.png", "curves.svg")) {
      assertThat(folder.resolve(figure)).isNotEmptyFile();
    }
  }

  /** Three of four responses are right in one, two of four in the other; 25 and 17.5 tokens. */
  @Test
  void differencesAreThoseOfTheSameSeedsAndProblems() {
    List<Evaluation.Response> wrong = List.of(response(false, 25), response(false, 15));
    List<ComparedMethod> points =
        ComparedMethod.of(
            List.of(
                run("DRPO", "", 1),
                run("DRPO", "", 2),
                run("DRPO", "", 3),
                run("Shorter", "", 2, SampleRun.report(), wrong),
                run("Shorter", "", 3, SampleRun.report(), wrong),
                run("Shorter", "", 4, SampleRun.report(), wrong),
                run("Elsewhere", "", 5)));
    PairedDifference difference =
        PairedDifference.of(points.get(1), points.getFirst()).orElseThrow();
    assertThat(difference.seeds()).isEqualTo(2);
    assertThat(difference.accuracy()).isCloseTo(-0.25, within(1e-12));
    assertThat(difference.length()).isCloseTo(-7.5, within(1e-12));
    // One problem differs by -0.5 and -15 in every seed, and the other not at all.
    assertThat(difference.accuracyInterval()).isEqualTo(new Interval(-0.5, 0));
    assertThat(difference.lengthInterval()).isEqualTo(new Interval(-15, 0));
    assertThat(PairedDifference.of(points.get(2), points.getFirst())).isEmpty();
  }

  @Test
  void theMostAccurateAreSeenCloserWhereOthersLieFarBelow() throws IOException {
    List<ComparedRun> alike = List.of(run("DRPO", "0.1", 1), run("GRPO", "", 1));
    ComparisonReport.write(folder, "Alike", alike);
    int height = height("frontier.png");
    List<ComparedRun> runs = new ArrayList<>(alike);
    RunReport collapsed =
        SampleRun.report(0.1, SampleRun.evaluation(0.71, 92), SampleRun.evaluation(0.5, 7));
    runs.add(run("Collapsed", "", 1, collapsed, List.of(response(false, 5), response(false, 5))));
    ComparisonReport.write(folder, "One far below", runs);
    assertThat(height("frontier.png")).isEqualTo(2 * height);
  }

  @Test
  void curvesOfOneColourDifferInTheirDashes() throws IOException {
    List<ComparedRun> runs = new ArrayList<>();
    for (int method = 0; method < 8; method++) {
      runs.add(run("method " + method, "", 1));
    }
    ComparisonReport.write(folder, "Eight", runs);
    String dashes = "stroke-dasharray:6,5";
    assertThat(folder.resolve("curves.svg")).content().doesNotContain(dashes);
    runs.add(run("method 8", "", 1));
    ComparisonReport.write(folder, "Nine", runs);
    assertThat(folder.resolve("curves.svg")).content().contains(dashes);
  }

  private int height(String figure) throws IOException {
    return ImageIO.read(folder.resolve(figure).toFile()).getHeight();
  }

  /** Three of four responses are right, both to the first problem. */
  private static ComparedRun run(String method, String strength, long seed) {
    return run(
        method,
        strength,
        seed,
        SampleRun.report(),
        List.of(response(true, 30), response(false, 40)));
  }

  private static ComparedRun run(
      String method,
      String strength,
      long seed,
      RunReport report,
      List<Evaluation.Response> second) {
    List<List<Evaluation.Response>> responses =
        List.of(List.of(response(true, 10), response(true, 20)), second);
    return new ComparedRun(
        method, strength, 3e-4, seed, report, SampleRun.steps(5), responses, List.of("0", "1"));
  }

  private static Evaluation.Response response(boolean correct, int length) {
    return new Evaluation.Response(correct, length, false);
  }
}
