package dev.drpo.objectives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Token weights in assertions. */
public final class Weights {
  /** Largest relative error that a weight may have. */
  private static final double RELATIVE = 1e-6;

  /** What finite differences can tell of a weight, as a part of the largest one. */
  private static final double FLOOR = 1e-7;

  private Weights() {}

  public static void assertClose(String what, double[][][] actual, double[][][] expected) {
    assertThat(actual.length).as(what).isEqualTo(expected.length);
    double largest = flat(expected).map(Math::abs).max().orElseThrow();
    for (int q = 0; q < expected.length; q++) {
      assertThat(actual[q].length).as(what).isEqualTo(expected[q].length);
      for (int i = 0; i < expected[q].length; i++) {
        assertThat(actual[q][i]).as(what).hasSameSizeAs(expected[q][i]);
        for (int t = 0; t < expected[q][i].length; t++) {
          double error = Math.abs(actual[q][i][t] - expected[q][i][t]);
          assertThat(error)
              .as("%s: group %d, response %d, token %d", what, q, i, t)
              .isLessThanOrEqualTo(
                  RELATIVE * Math.abs(expected[q][i][t]) + FLOOR * Math.max(largest, FLOOR));
        }
      }
    }
  }

  /** Derivative by each response's score: the sum over its tokens. */
  public static double[] byResponse(double[][] weights) {
    return Arrays.stream(weights).mapToDouble(tokens -> Arrays.stream(tokens).sum()).toArray();
  }

  public static DoubleStream flat(double[][][] weights) {
    return Arrays.stream(weights).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream);
  }
}
