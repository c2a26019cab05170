package dev.drpo.benchmarks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LengthCostsTest {
  /** A position of 32 rows has 32 x 4 layers x 2 heads x 32 components of keys and of values. */
  @Test
  void theCostOfLengthIsTheGrowthOfTheFastestStepsOverReadingWhatTheyReadMore() {
    long[] drawn = new long[4096];
    for (int i = 1; i < drawn.length; i++) {
      // Every second step is disturbed; the others take 2 ms and 3 us a position.
      drawn[i] = drawn[i - 1] + 2_000_000 + 3_000L * i + (i % 2 == 0 ? 5_000_000 : 0);
    }
    LengthCosts costs = new LengthCosts();
    costs.decoded(drawn);
    costs.read(0.02);
    costs.read(0.01);
    costs.read(0.03);

    Measurements.LengthCost measured = costs.measured();

    double bytesPerSecond = 4.0 * (64 << 20) / 0.01;
    assertThat(measured.gigabytesPerSecond()).isCloseTo(bytesPerSecond / 1e9, within(1e-9));
    assertThat(measured.points())
        .extracting(Measurements.LengthCost.Point::responseTokens)
        .containsExactly(128, 512, 1024, 2048, 4096);
    assertThat(measured.points().getFirst().millisPerStep())
        .isCloseTo(2 + 0.003 * 65, within(1e-9));
    double secondsToReadPosition = 32 * 4 * 2 * 32 * 2 * 4 / bytesPerSecond;
    assertThat(measured.slopeOverTraffic()).isCloseTo(3e-6 / secondsToReadPosition, within(1e-9));
  }
}
