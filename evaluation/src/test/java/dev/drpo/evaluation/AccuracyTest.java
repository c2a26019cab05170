package dev.drpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyTest {
  private static final int TRIALS = 1000;

  /** Shares 1, 1/2, 0, 1/2: squares 1/2 in all, so that SE^2 = 1/2 / (4 * 3). */
  @Test
  void theStandardErrorIsThatOfProblemsAndNotOfSamples() {
    Accuracy accuracy =
        Accuracy.of(
            List.of(
                Samples.problem(4, 4),
                Samples.problem(2, 4),
                Samples.problem(0, 4),
                Samples.problem(2, 4)));

    assertThat(accuracy.mean()).isEqualTo(0.5);
    assertThat(accuracy.standardError()).isCloseTo(Math.sqrt(1.0 / 24), within(1e-12));
    // p = 1/2 and r = (1/2 + 1/8 + 1/8) / (4 * 1/4) = 3/4, so that 4 problems are 16/3 trials.
    assertThat(accuracy.interval()).isEqualTo(Interval.wilson(0.5, 16.0 / 3));
  }

  /** Wilson's interval of 27 of 30, by R: binom::binom.confint(27, 30, methods = "wilson"). */
  @Test
  void withOneSampleForEachProblemTheIntervalIsWilsons() {
    List<JudgedProblem> problems = new ArrayList<>(Collections.nCopies(27, Samples.problem(1, 1)));
    problems.addAll(Collections.nCopies(3, Samples.problem(0, 1)));

    Interval interval = Accuracy.of(problems).interval();

    assertThat(interval.low()).isCloseTo(0.7438, within(1e-4));
    assertThat(interval.high()).isCloseTo(0.9654, within(1e-4));
  }

  @Test
  void whereAllSamplesAgreeEachProblemIsOneTrial() {
    Accuracy right = Accuracy.of(Collections.nCopies(30, Samples.problem(16, 16)));
    Accuracy wrong = Accuracy.of(Collections.nCopies(30, Samples.problem(0, 16)));

    // n / (n + z^2): of 30 problems, a tenth of their kind may well be another.
    assertThat(right.interval().low()).isCloseTo(30 / (30 + 3.841459), within(1e-6));
    assertThat(right.interval().high()).isEqualTo(1);
    assertThat(wrong.interval().low()).isZero();
    assertThat(wrong.interval().high()).isCloseTo(3.841459 / (30 + 3.841459), within(1e-6));
  }

  @Test
  void oneWrongSampleDoesNotMakeASetSeemMeasuredBetterThanNoneDoes() {
    List<JudgedProblem> problems =
        new ArrayList<>(Collections.nCopies(29, Samples.problem(16, 16)));
    problems.add(Samples.problem(15, 16));

    Interval interval = Accuracy.of(problems).interval();

    assertThat(interval.low()).isBetween(0.88, 0.9);
  }

  @Test
  void samplesThatDifferWithinProblemsAloneAreWorthAlmostAsManyTrials() {
    Interval interval = Accuracy.of(Collections.nCopies(500, Samples.problem(8, 16))).interval();
    Interval independent = Interval.wilson(0.5, 8000);

    assertThat(interval).isEqualTo(independent);
  }

  @Test
  void aSingleProblemHasAnIntervalAndNoStandardError() {
    Accuracy accuracy = Accuracy.of(List.of(Samples.problem(8, 16)));

    assertThat(accuracy.standardError()).isNaN();
    assertThat(accuracy.interval().low()).isBetween(0.05, 0.06);
    assertThat(accuracy.interval().high()).isBetween(0.94, 0.95);
  }

  /** Problems' own accuracies are drawn from a beta distribution, samples by them. */
  @ParameterizedTest
  @CsvSource({
    "30, 16, 0.5, 1",
    "30, 16, 0.3, 0.5",
    "30, 4, 0.9, 1",
    "30, 16, 0.98, 0.3",
    "30, 16, 0.98, 30",
    "5, 16, 0.3, 0.5",
    "100, 4, 0.98, 0.3",
  })
  void theIntervalHoldsTheTruthAsOftenAsItSays(
      int problems, int samples, double truth, double concentration) {
    Random random = new Random(3);
    List<JudgedProblem> byCount =
        IntStream.rangeClosed(0, samples).mapToObj(i -> Samples.problem(i, samples)).toList();
    int hits = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      List<JudgedProblem> drawn = new ArrayList<>();
      for (int i = 0; i < problems; i++) {
        double right = beta(random, concentration * truth, concentration * (1 - truth));
        int count = 0;
        for (int s = 0; s < samples; s++) {
          count += random.nextDouble() < right ? 1 : 0;
        }
        drawn.add(byCount.get(count));
      }
      hits += Accuracy.of(drawn).interval().contains(truth) ? 1 : 0;
    }
    assertThat((double) hits / TRIALS).isGreaterThan(0.93);
  }

  @Test
  void aSetWithoutProblemsIsRefused() {
    assertThatThrownBy(() -> Accuracy.of(List.of())).hasMessageContaining("no problem");
    assertThatThrownBy(() -> new JudgedProblem("p-1", List.of())).hasMessageContaining("p-1");
  }

  /** By Johnk's method: slow, and right for every pair of parameters. */
  private static double beta(Random random, double a, double b) {
    if (a > 1 || b > 1) {
      double x = gamma(random, a);
      return x / (x + gamma(random, b));
    }
    while (true) {
      double x = Math.pow(random.nextDouble(), 1 / a);
      double y = Math.pow(random.nextDouble(), 1 / b);
      if (x + y <= 1 && x + y > 0) {
        return x / (x + y);
      }
    }
  }

  /** Marsaglia and Tsang, with the boost for shapes below 1. */
  private static double gamma(Random random, double shape) {
    if (shape < 1) {
      return gamma(random, shape + 1) * Math.pow(random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + x / Math.sqrt(9 * d), 3);
      if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
