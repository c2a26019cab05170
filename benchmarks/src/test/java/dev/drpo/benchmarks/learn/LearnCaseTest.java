package dev.drpo.benchmarks.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.benchmarks.learn.LearnCase.Trainer;
import dev.drpo.policy.trainer.MicroBatch;
import org.junit.jupiter.api.Test;

class LearnCaseTest {
  private static final LearnCase SMALL =
      new LearnCase(Trainer.FLOAT32, 8, 70, true, 32, 2, true, true);

  @Test
  void aSharedPromptIsComputedOnceAndTheTokensCountedAsFed() {
    assertThat(SMALL.microBatches()).singleElement().returns(64 + 8 * 6, MicroBatch::tokens);
    LearnCase alone = new LearnCase(Trainer.FLOAT32, 8, 70, false, 32, 2, true, true);
    assertThat(alone.microBatches()).singleElement().returns(8 * 70, MicroBatch::tokens);
  }

  /** 704,512 parameters of each of 4 layers, 32 x 256 of the head. */
  @Test
  void theOperationsAreThoseOfTheParametersAndTheAttention() {
    double matrices = 6.0 * 4 * (256 * 384 + 256 * 256 + 3 * 256 * 704) * (64 + 8 * 6);
    double head = 6.0 * 32 * 256 * (8 * 7);
    double pairs = 64 * 65 / 2.0 + 8 * (6 * 64 + 6 * 7 / 2.0);
    assertThat(SMALL.flops())
        .isCloseTo(matrices + head + 12 * pairs * 256 * 4, within(1e-6 * matrices));
  }

  @Test
  void aCaseSurvivesItsWords() {
    assertThat(LearnCase.parse(SMALL.words())).isEqualTo(SMALL);
    assertThat(LearnBench.cases())
        .doesNotHaveDuplicates()
        .allSatisfy(c -> assertThat(LearnCase.parse(c.words())).isEqualTo(c));
  }
}
