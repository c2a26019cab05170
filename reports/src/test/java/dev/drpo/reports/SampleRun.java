package dev.drpo.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A run like those of the quickstart: lengths fall, accuracy rises, noise on both. */
final class SampleRun {
  private SampleRun() {}

  static RunReport report() {
    return report(0.1, evaluation(0.71, 92), evaluation(0.97, 35));
  }

  static RunReport report(double lambda, Evaluation before, Evaluation after) {
    return report("drpo", lambda, 1e-3, before, after);
  }

  /** A run of an objective that has neither λ nor δ. */
  static RunReport groupRelative() {
    return report("grpo", Double.NaN, Double.NaN, evaluation(0.71, 92), evaluation(0.97, 35));
  }

  private static RunReport report(
      String objective, double lambda, double delta, Evaluation before, Evaluation after) {
    return new RunReport(
        "quickstart",
        "arithmetic modulo 20",
        "datasets/quickstart/policy",
        objective,
        lambda,
        delta,
        7,
        40,
        211.5,
        164.25,
        before,
        after,
        evaluations(before, after),
        before.isPresent() ? 40L : null,
        740_123,
        735_010,
        new RunCounts.Groups(1283, 1281, 1280, 3, 1, 2, 1),
        "0f".repeat(32),
        new RunRepeatability("1e".repeat(32), "2d".repeat(32), "3c".repeat(32), List.of()),
        Map.of("drpo", "0.1.0", "java", "25"));
  }

  private static List<PolicyEvaluation> evaluations(Evaluation before, Evaluation after) {
    return before.isPresent() && after.isPresent()
        ? List.of(new PolicyEvaluation(0, before), new PolicyEvaluation(40, after))
        : List.of();
  }

  /** The same with evaluations in between, of which the second is the best. */
  static RunReport evaluatedInBetween() {
    RunReport report = report();
    return new RunReport(
        report.run(),
        report.task(),
        report.model(),
        report.objective(),
        report.lambda(),
        report.delta(),
        report.seed(),
        report.steps(),
        report.wallSeconds(),
        report.trainingSeconds(),
        report.before(),
        report.after(),
        List.of(
            new PolicyEvaluation(0, report.before()),
            new PolicyEvaluation(10, evaluation(0.8, 70)),
            new PolicyEvaluation(20, evaluation(0.99, 160)),
            new PolicyEvaluation(40, report.after())),
        20L,
        report.tokensGenerated(),
        report.tokensLearned(),
        report.groups(),
        report.policyDigest(),
        report.repeatability(),
        report.versions());
  }

  /** 500 problems with 4 responses each; problems differ in how hard they are. */
  static Evaluation evaluation(double accuracy, int length) {
    Random random = new Random(3);
    List<List<Evaluation.Response>> problems = new ArrayList<>();
    for (int problem = 0; problem < 500; problem++) {
      double ease = Math.clamp(accuracy + 0.2 * random.nextGaussian(), 0, 1);
      problems.add(
          IntStream.range(0, 4)
              .mapToObj(
                  sample ->
                      new Evaluation.Response(
                          random.nextDouble() < ease,
                          Math.clamp(
                              Math.round(length * (1 + 0.3 * random.nextGaussian())), 3, 256),
                          random.nextInt(200) == 0))
              .toList());
    }
    return Evaluation.of(problems);
  }

  static List<StepMetrics> steps(int count) {
    Random random = new Random(5);
    return IntStream.rangeClosed(1, count).mapToObj(step -> step(step, count, random)).toList();
  }

  static StepMetrics step(long step) {
    return step(step, 40, new Random(step));
  }

  private static StepMetrics step(long step, int count, Random random) {
    double progress = (double) step / count;
    double accuracy = Math.clamp(0.66 + 0.33 * progress + 0.03 * random.nextGaussian(), 0, 1);
    double length = 38 + 75 * Math.exp(-4 * progress) + 2.5 * random.nextGaussian();
    int positives = (int) Math.round(accuracy * 256);
    boolean hasWrong = positives < 256;
    long tokens = Math.round(256 * length);
    return new StepMetrics(
        step,
        accuracy,
        length,
        length * 0.97,
        hasWrong ? length * (1.2 + 0.1 * random.nextGaussian()) : Double.NaN,
        positives,
        256 - positives,
        hasWrong ? 20 : 0,
        hasWrong ? 12 : 32,
        0,
        0,
        random.nextInt(3),
        256,
        0,
        0,
        4e-4 + 5e-4 * random.nextGaussian(),
        6e-4 + 2e-4 * random.nextDouble(),
        1e-4,
        0.4 - 0.1 * progress,
        0.8 + 0.3 * random.nextDouble(),
        0,
        3e-4,
        0.8,
        2.1e-6,
        3.2e-7,
        4.5e-13,
        4.5e-10,
        0,
        2.4,
        1.7,
        4.1,
        tokens,
        tokens,
        tokens / 4.1,
        2 * step,
        "%064x".formatted(step),
        0,
        Double.NaN,
        length * 0.98,
        0.3 + 0.1 * progress,
        6.1e-12,
        1,
        hasWrong ? List.of(1, 0, 4, 7, 20) : List.of(0, 0, 0, 0, 32),
        LengthBins.upTo(256).ends(),
        LengthBins.upTo(256).count(IntStream.generate(() -> 40).limit(positives)),
        LengthBins.upTo(256).count(IntStream.generate(() -> 52).limit(256 - positives)),
        0.4,
        0.2,
        1.9,
        0.01,
        0.02,
        0.1,
        0.003,
        0);
  }
}
