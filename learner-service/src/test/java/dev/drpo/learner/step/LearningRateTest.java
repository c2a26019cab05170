package dev.drpo.learner.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.learner.step.LearningRate.Decay;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void aConstantRateIsThePeakFromTheFirstStep() {
    LearningRate rate = new LearningRate(2e-6, 0, Decay.NONE, 100);
    assertThat(rate.at(0)).isEqualTo(2e-6);
    assertThat(rate.at(99)).isEqualTo(2e-6);
  }

  @Test
  void theWarmUpRisesLinearlyAndEndsAtThePeak() {
    for (Decay decay : Decay.values()) {
      LearningRate rate = new LearningRate(4, 4, decay, 100);
      assertThat(rate.at(0)).isEqualTo(1);
      assertThat(rate.at(1)).isEqualTo(2);
      assertThat(rate.at(3)).isEqualTo(4);
      assertThat(rate.at(4)).isEqualTo(4);
    }
  }

  @Test
  void theCosineFallsFromThePeakToNothing() {
    LearningRate rate = new LearningRate(4, 10, Decay.COSINE, 110);
    assertThat(rate.at(10)).isEqualTo(4);
    assertThat(rate.at(35)).isCloseTo(2 * (1 + Math.sqrt(0.5)), within(1e-12));
    assertThat(rate.at(60)).isCloseTo(2, within(1e-12));
    assertThat(rate.at(109)).isPositive().isLessThan(0.001);
    assertThat(rate.at(110)).isZero();
  }

  @Test
  void aWarmUpAsLongAsTheRunNeverFalls() {
    LearningRate rate = new LearningRate(4, 8, Decay.COSINE, 8);
    assertThat(rate.at(7)).isEqualTo(4);
  }
}
