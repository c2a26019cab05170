package dev.drpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EfficiencyScoreTest {
  @Test
  void savedTokensCountOnceGainsThreeTimesAndLossesTenTimes() {
    assertThat(EfficiencyScore.of(0.5, 1000, 0.5, 1000)).isZero();
    assertThat(EfficiencyScore.of(0.5, 250, 0.5, 1000)).isCloseTo(0.75, within(1e-12));
    assertThat(EfficiencyScore.of(0.55, 1000, 0.5, 1000)).isCloseTo(0.3, within(1e-12));
    assertThat(EfficiencyScore.of(0.45, 500, 0.5, 1000)).isCloseTo(0.5 - 1, within(1e-12));
    assertThat(EfficiencyScore.of(0.5, 1500, 0.5, 1000)).isCloseTo(-0.5, within(1e-12));
  }

  /** DRPO at lambda 0.1 against its run without a length term, from the paper's figure (1.5B). */
  @Test
  void publishedFigures() {
    assertThat(EfficiencyScore.of(0.624, 1527, 0.649, 3492))
        .isCloseTo(1965.0 / 3492 - 10 * 0.025 / 0.649, within(1e-12));
  }

  @Test
  void nothingIsRelativeToABaselineThatIsNeverRight() {
    assertThat(EfficiencyScore.of(0.5, 10, 0, 10)).isNaN();
  }
}
