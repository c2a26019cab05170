package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {
  private static final ModelConfig SEVEN_BILLION =
      new ModelConfig(152_064, 3584, 18_944, 28, 28, 4, 131_072, 1e4, 1e-6, false);
  private static final long PARAMETERS = 7_615_616_512L;

  /** The embedding and the norms' gains. */
  private static final long EXACT = 152_064L * 3584 + 57L * 3584;

  private static final TrainerOptions SPARING =
      new TrainerOptions(ElementType.BF16, true, TrainerOptions.HEAD_ELEMENTS, 1);

  /** The numbers of docs/learning.md. */
  @Test
  void sevenBillionParametersFitEightDevicesOfEightyGigabytes() {
    TrainingMemory memory =
        TrainingMemory.of(
            SEVEN_BILLION, SPARING, 8, true, new TrainingMemory.Load(16_384, 16_384, 9216));

    assertThat(PolicyLayout.of(SEVEN_BILLION).parameters()).isEqualTo(PARAMETERS);
    assertThat(memory.weights()).isEqualTo(4 * EXACT + 2 * (PARAMETERS - EXACT));
    assertThat(memory.gradients()).isEqualTo(4 * PARAMETERS);
    assertThat(memory.optimizer()).isEqualTo(12 * PARAMETERS / 8);
    assertThat(memory.total()).isLessThan(78_000_000_000L);
    assertThat(memory)
        .hasToString(
            "72.32 GB in all: weights 16.32 GB, gradients 30.46 GB, optimizer 11.42 GB,"
                + " activations at most 12.72 GB, logits 0.23 GB, in passing 1.16 GB");
  }

  @Test
  void itDoesNotFitOneDeviceNorEightInFp32() {
    TrainingMemory.Load load = new TrainingMemory.Load(16_384, 16_384, 9216);
    TrainerOptions exact = new TrainerOptions(ElementType.F32, true, 1 << 24, 1);
    assertThat(TrainingMemory.of(SEVEN_BILLION, SPARING, 1, true, load).standing())
        .isEqualTo(16 * PARAMETERS + 2 * (PARAMETERS - EXACT));
    assertThat(TrainingMemory.of(SEVEN_BILLION, exact, 8, false, load).total())
        .isGreaterThan(80_000_000_000L);
  }
}
