package dev.drpo.reports;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The interval of a mean over runs and problems, both of which are samples: of the seeds that could
 * have been used and of the problems that could have been asked. Each replicate draws seeds and
 * problems with replacement (the pigeonhole bootstrap of Owen, 2007, which errs on the wide side);
 * the interval is between the replicates' 2.5% and 97.5% quantiles.
 */
final class SeedBootstrap {
  private static final int REPLICATES = 2_000;

  private SeedBootstrap() {}

  /**
   * Of values by seed and problem.
   *
   * @param values a row for each seed, all of the same length; NaN where a problem has no value
   * @return unknown where there is no value
   */
  static Interval of(List<double[]> values) {
    if (values.isEmpty() || values.getFirst().length == 0) {
      return Interval.UNKNOWN;
    }
    Random random = new Random(0);
    int problems = values.getFirst().length;
    double[] means = new double[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      int[] drawn = random.ints(problems, 0, problems).toArray();
      double sum = 0;
      long count = 0;
      for (int s = 0; s < values.size(); s++) {
        double[] row = values.get(random.nextInt(values.size()));
        for (int problem : drawn) {
          if (!Double.isNaN(row[problem])) {
            sum += row[problem];
            count++;
          }
        }
      }
      means[r] = sum / count;
    }
    Arrays.sort(means);
    return new Interval(
        means[(int) Math.round(0.025 * (REPLICATES - 1))],
        means[(int) Math.round(0.975 * (REPLICATES - 1))]);
  }
}
