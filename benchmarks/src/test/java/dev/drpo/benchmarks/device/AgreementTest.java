package dev.drpo.benchmarks.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
  @Test
  void itIsWhatTheEstimatorsSay() {
    Agreement agreement =
        Agreement.of(
            List.of(new float[] {-1, -2}, new float[] {-0.5f}),
            List.of(new float[] {-1.25f, -1.5f}, new float[] {-0.5f}));

    assertThat(agreement.meanDifference()).isCloseTo((0.25 - 0.5) / 3, within(1e-12));
    assertThat(agreement.meanDistance()).isCloseTo(0.75 / 3, within(1e-12));
    assertThat(agreement.maxDistance()).isEqualTo(0.5);
    // exp(-0.25) - 1 + 0.25 = 0.0288007830714 and exp(0.5) - 1 - 0.5 = 0.1487212707001
    assertThat(agreement.divergence())
        .isCloseTo((0.0288007830714 + 0.1487212707001) / 3, within(1e-12));
  }

  @Test
  void whatIsNoNumberIsNotLost() {
    Agreement agreement =
        Agreement.of(List.of(new float[] {Float.NaN, -1}), List.of(new float[] {-1, -1}));

    assertThat(agreement.meanDistance()).isNaN();
    assertThat(agreement.maxDistance()).isNaN();
    assertThat(Check.atMost("", agreement.maxDistance(), 1, "", "", "").passed()).isFalse();
  }

  @Test
  void tokensOfOneSideAloneAreRefused() {
    assertThatThrownBy(() -> Agreement.of(List.of(new float[2]), List.of(new float[3])))
        .hasMessageContaining("2 and 3 log-probabilities");
  }
}
