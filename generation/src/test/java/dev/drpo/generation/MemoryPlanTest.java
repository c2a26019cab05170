package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.TensorInfo;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPlanTest {
  /** Two slots of up to 1000 tokens of 2000 bytes. */
  private static final MemoryPlan PLAN =
      new MemoryPlan(
          Device.cpu(),
          2_000_000,
          2_000_000,
          1_000_000,
          new MemoryPlan.Responses(1, 2, 1000, 500, 2000, 2000, 2000),
          1_000_000);

  /** Qwen2.5 of 7 billion parameters. */
  private static final ModelConfig SEVEN_BILLION =
      new ModelConfig(152_064, 3584, 18_944, 28, 28, 4, 131_072, 10_000, 1e-6, false);

  @TempDir private Path folder;

  @Test
  void aPlanThatDoesNotFitIsRefusedWithNumbers() {
    assertThatThrownBy(() -> PLAN.requireFits(9_900_000))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessageContainingAll(
            "10.0 MB in all", "KV cache 5.0 MB", "only 9.9 MB", "rollout.slots",
            "set rollout.kv-cache-tokens to 1920 or less");
    assertThatCode(() -> PLAN.requireFits(10_000_000)).doesNotThrowAnyException();
  }

  @Test
  void aDeviceWithoutRoomForOneResponseIsToldSo() {
    assertThat(PLAN.kvCacheTokensWithin(8_100_000)).isEqualTo(1024);
    assertThat(PLAN.kvCacheTokensWithin(7_900_000)).isZero();
    assertThatThrownBy(() -> PLAN.requireFits(7_900_000))
        .hasMessageContainingAll(
            "rollout.kv-cache-tokens is of no use", "one response of 1000 tokens");
  }

  @Test
  void theWorstAndTheExpectedCaseAreTold() {
    assertThat(PLAN.worstCase()).isEqualTo(10_000_000);
    // Two slots of four pages of 128.
    assertThat(PLAN.expectedCase()).isEqualTo(6_000_000 + 2 * 512 * 2000);
    assertThat(PLAN.expecting(129).expectedCase()).isEqualTo(6_000_000 + 2 * 256 * 2000);
    assertThat(PLAN.expecting(5000).expectedCase()).isEqualTo(PLAN.worstCase());
    assertThat(PLAN.toString())
        .contains("at its longest: 10.0 MB", "responses of 500 tokens in the mean: 8.0 MB");
  }

  @Test
  void sevenBillionParametersFitAGpuOf80GigabytesWhereSlotsShareTheirPositions() {
    EngineSettings.Compute gpu = new EngineSettings.Compute(Device.gpu(), ElementType.BF16, 1, 1);
    EngineLimits limits = EngineLimits.of(128, 1024, 8192, SEVEN_BILLION);
    MemoryPlan whole = MemoryPlan.of(SEVEN_BILLION, limits, gpu, true);
    assertThat(whole.weights()).isEqualTo(2L * 7_615_616_512L);
    assertThat(whole.total()).isEqualTo(whole.worstCase()).isGreaterThan(95_000_000_000L);

    long most = whole.kvCacheTokensWithin(80_000_000_000L);
    assertThat(most).isBetween(128L * 4096, 128L * 8192);
    MemoryPlan shared =
        MemoryPlan.of(SEVEN_BILLION, limits.withKvCacheTokens((int) most), gpu, true);
    assertThat(shared.total()).isBetween(79_900_000_000L, 80_000_000_000L);
    assertThat(shared.worstCase()).isEqualTo(whole.total());
    assertThat(shared.expecting(4096).expectedCase()).isLessThan(shared.total());
    assertThatCode(() -> shared.requireFits(80_000_000_000L)).doesNotThrowAnyException();
  }

  @Test
  void theCacheHoldsKeysAndValuesOfEverySlot() {
    EngineLimits limits = new EngineLimits(8, 30, 100, 512, 16);
    MemoryPlan plan =
        MemoryPlan.of(TinyPolicy.CONFIG, limits, EngineSettings.Compute.ONE_THREAD, true);
    // Two layers of two key/value heads of size 8, keys and values, in fp32, in blocks of 32.
    assertThat(plan.kvCache()).isEqualTo(8L * (32 + 128) * 2 * 2 * 8 * 2 * 4);
    assertThat(plan.newerWeights()).isEqualTo(plan.weights());

    EngineSettings.Compute three = new EngineSettings.Compute(Device.cpu(), ElementType.BF16, 3, 1);
    MemoryPlan narrow = MemoryPlan.of(TinyPolicy.CONFIG, limits, three, false);
    // Each engine has a third of the slots, rounded up.
    assertThat(narrow.kvCache()).isEqualTo(9L * (32 + 128) * 2 * 2 * 8 * 2 * 2);
    assertThat(narrow.weights()).isEqualTo(plan.weights() / 2);
    assertThat(narrow.newerWeights()).isZero();
  }

  @Test
  void theArchitectureAloneTellsWhatTheWeightsTake() throws IOException {
    MemoryPlan plan =
        MemoryPlan.of(
            TinyPolicy.CONFIG,
            new EngineLimits(8, 30, 100, 512, 16),
            EngineSettings.Compute.ONE_THREAD,
            false);
    try (SafetensorsFile weights =
        SafetensorsFile.open(TinyPolicy.weights(folder.resolve("m.safetensors"), 1))) {
      assertThat(plan.weights())
          .isEqualTo(weights.tensors().stream().mapToLong(TensorInfo::bytes).sum());
    }
  }

  @Test
  void thisMachineHasMemory() {
    assertThat(TensorEngine.availableBytes(Device.cpu())).isPositive();
  }
}
