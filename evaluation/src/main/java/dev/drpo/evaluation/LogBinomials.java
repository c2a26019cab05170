package dev.drpo.evaluation;

import java.util.Arrays;

/** Natural logarithms of binomial coefficients, which overflow a double from some thousand on. */
final class LogBinomials {
  private final double[] factorials;

  LogBinomials(int largest) {
    factorials = new double[largest + 1];
    for (int i = 1; i <= largest; i++) {
      factorials[i] = factorials[i - 1] + Math.log(i);
    }
  }

  /** Of C(n, k), with 0 &lt;= k &lt;= n. */
  double of(int n, int k) {
    return factorials[n] - factorials[k] - factorials[n - k];
  }

  /** A table of zeros, as logarithms. */
  static double[][] none(int rows, int columns) {
    double[][] none = new double[rows][columns];
    for (double[] row : none) {
      Arrays.fill(row, Double.NEGATIVE_INFINITY);
    }
    return none;
  }

  /** The logarithm of a sum. */
  static double sum(double one, double other) {
    double larger = Math.max(one, other);
    return larger == Double.NEGATIVE_INFINITY
        ? larger
        : larger + Math.log1p(Math.exp(Math.min(one, other) - larger));
  }
}
