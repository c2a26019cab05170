package dev.drpo.objectives;

import java.util.Arrays;

/** Softmax and log-sum-exp that subtract the maximum; minus infinity marks what is left out. */
final class Softmax {
  private Softmax() {}

  static double[] of(double[] values) {
    double normaliser = logSumExp(values);
    return Arrays.stream(values).map(value -> Math.exp(value - normaliser)).toArray();
  }

  static double logSumExp(double[] values) {
    double max = Arrays.stream(values).max().orElseThrow();
    return max + Math.log(Arrays.stream(values).map(value -> Math.exp(value - max)).sum());
  }
}
