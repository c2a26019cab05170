package dev.drpo.tracking;

import dev.drpo.reports.Evaluation;
import dev.drpo.reports.LengthBins;
import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.StepMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Steps whose numbers are all different. */
public final class Steps {
  private Steps() {}

  /** A step; two calls give the same. */
  public static StepMetrics step(long step) {
    Random random = new Random(step);
    int right = 1 + random.nextInt(30);
    int[] lengths = random.ints(32, 1, 129).toArray();
    LengthBins bins = LengthBins.upTo(128);
    return new StepMetrics(
        step,
        right / 32.0,
        IntStream.of(lengths).average().orElseThrow(),
        IntStream.of(lengths).limit(right).average().orElseThrow(),
        IntStream.of(lengths).skip(right).average().orElseThrow(),
        right,
        32 - right,
        3,
        1,
        0,
        0,
        random.nextInt(5),
        128,
        0,
        0,
        random.nextGaussian() * 1e-3,
        random.nextDouble() * 1e-3,
        // Nothing is measured of some.
        Double.NaN,
        random.nextDouble(),
        random.nextDouble(),
        0,
        3e-4,
        0.5,
        2.1e-6,
        3.2e-7,
        4.5e-13,
        4.5e-10,
        0,
        random.nextDouble(),
        random.nextDouble(),
        2 + random.nextDouble(),
        1_000_000_007L,
        1_000_000_009L,
        random.nextDouble() * 1e4,
        step,
        "%064x".formatted(step),
        0,
        0.125,
        60,
        random.nextDouble(),
        6.1e-12,
        1,
        List.of(1, 0, 4, 3),
        bins.ends(),
        bins.count(IntStream.of(lengths).limit(right)),
        bins.count(IntStream.of(lengths).skip(right)),
        0.4,
        0.2,
        1.9,
        0.01,
        0.02,
        0.1,
        0.003,
        0);
  }

  public static List<StepMetrics> through(long last) {
    return LongStream.rangeClosed(1, last).mapToObj(Steps::step).toList();
  }

  /** What was found of the policy of a step. */
  public static PolicyEvaluation evaluation(long step) {
    return new PolicyEvaluation(
        step,
        Evaluation.of(
            List.of(
                List.of(
                    new Evaluation.Response(true, 10 + (int) step, false),
                    new Evaluation.Response(false, 20, true)),
                List.of(
                    new Evaluation.Response(true, 12, false),
                    new Evaluation.Response(true, 7, false)))));
  }

  /** Writes {@code metrics.jsonl} from a step on. */
  public static void write(Path file, long first, long last) throws IOException {
    try (MetricsLog log = MetricsLog.open(file, first)) {
      for (long step = first; step <= last; step++) {
        log.append(step(step));
      }
    }
  }
}
