package dev.drpo.evaluation;

import java.util.stream.DoubleStream;

/**
 * A mean over problems, each of which counts once, and its standard error. The samples of a problem
 * resemble each other, so that problems, and not samples, are the independent draws:
 *
 * <pre>  SE^2 = sum_i (x_i - mean)^2 / (n (n - 1))</pre>
 *
 * where x_i is a problem's own mean, which carries both how problems differ and how its samples do
 * (Miller, "Adding Error Bars to Evals", arXiv 2411.00640, section 2.1).
 *
 * @param standardError NaN for fewer than two problems, which say nothing about their spread
 */
public record ClusteredMean(double mean, double standardError) {

  /** Of each problem's own mean; NaN if there is none. */
  static ClusteredMean of(double[] means) {
    double mean = DoubleStream.of(means).average().orElse(Double.NaN);
    int n = means.length;
    return new ClusteredMean(
        mean, n < 2 ? Double.NaN : Math.sqrt(squares(means, mean) / (n - 1) / n));
  }

  /** Sum of the squared distances from a mean. */
  static double squares(double[] values, double mean) {
    return DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
  }
}
