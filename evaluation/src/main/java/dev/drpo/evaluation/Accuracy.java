package dev.drpo.evaluation;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Mean pass@1 and how sure it is, for a set of problems as a sample of problems like them.
 *
 * <p>The interval is Wilson's with as many trials as the samples are worth, which is how surveys
 * treat proportions in clusters (Korn and Graubard, Survey Methodology 24, 1998): n problems are
 * worth n / r trials, r being the variance of the problems' shares s_i over p (1 - p), that of
 * problems whose samples all agree. Shares that never differ would make r 0, and a set that is all
 * right but for one sample would seem measured to a thousandth, though no more than a handful of
 * its problems ever disagreed. Therefore half a problem that is always right and half a problem
 * that never is are counted with them, as Jeffreys' prior does for single trials:
 *
 * <pre>
 *   p  = (sum_i s_i + 1/2) / (n + 1)
 *   r  = (sum_i (s_i - mean)^2 + (1 - mean)^2 / 2 + mean^2 / 2) / (n p (1 - p))
 *   trials = n / r, at least n and at most the number of samples
 * </pre>
 *
 * Where all agree, a problem is worth one trial. With one sample for each problem it is Wilson's
 * interval of n trials.
 *
 * @param mean share of right samples, averaged over problems, each of which counts once
 * @param standardError by problems, see {@link ClusteredMean}; NaN for a single problem
 * @param interval of 95%
 */
public record Accuracy(double mean, double standardError, Interval interval) {

  /**
   * Of a set's problems.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Accuracy of(List<JudgedProblem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("there is no problem to take the accuracy of");
    }
    double[] shares = problems.stream().mapToDouble(JudgedProblem::share).toArray();
    int samples = problems.stream().mapToInt(problem -> problem.samples().size()).sum();
    ClusteredMean clustered = ClusteredMean.of(shares);
    double mean = Math.min(1, clustered.mean());
    return new Accuracy(
        mean, clustered.standardError(), Interval.wilson(mean, trials(shares, mean, samples)));
  }

  private static double trials(double[] shares, double mean, int samples) {
    int n = shares.length;
    double p = (DoubleStream.of(shares).sum() + 0.5) / (n + 1);
    double squares =
        ClusteredMean.squares(shares, mean) + ((1 - mean) * (1 - mean) + mean * mean) / 2;
    double ratio = squares / (n * p * (1 - p));
    return Math.clamp(n / ratio, n, samples);
  }
}
