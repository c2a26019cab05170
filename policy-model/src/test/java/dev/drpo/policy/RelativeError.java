package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;

/** The largest difference of two arrays over the largest magnitude of the expected one. */
public final class RelativeError {
  private RelativeError() {}

  public static double of(float[] actual, double[] expected) {
    assertThat(actual).hasSize(expected.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isFinite();
      assertThat(expected[i]).isFinite();
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(largest).isPositive();
    return difference / largest;
  }
}
