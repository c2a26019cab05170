package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
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
  private static final MemoryPlan PLAN =
      new MemoryPlan(Device.cpu(), 2_000_000, 2_000_000, 5_000_000, 1_000_000);

  @TempDir private Path folder;

  @Test
  void aPlanThatDoesNotFitIsRefusedWithNumbers() {
    assertThatThrownBy(() -> PLAN.requireFits(9_900_000))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessageContainingAll(
            "10.0 MB in all", "KV cache 5.0 MB", "only 9.9 MB", "rollout.slots");
    assertThatCode(() -> PLAN.requireFits(10_000_000)).doesNotThrowAnyException();
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
