package dev.drpo.rollout;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.drpo.generation.EngineSettings.Compute;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorModuleTest {
  private static final ModuleLayer WITHOUT = ModuleLayer.empty();

  @Test
  void aVirtualMachineWithoutItIsRefusedWhereBitsArePromised() {
    assertThatThrownBy(() -> VectorModule.require(heads(64), Compute.ONE_THREAD, WITHOUT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--add-modules=jdk.incubator.vector");
    assertThatCode(() -> VectorModule.require(heads(64), Compute.ONE_THREAD, ModuleLayer.boot()))
        .doesNotThrowAnyException();
  }

  @Test
  void whereNoBitsArePromisedItIsNotAskedFor() {
    for (Compute compute :
        List.of(
            new Compute(Device.cpu(), ElementType.BF16, 1, 1),
            new Compute(Device.cpu(), ElementType.F32, 1, 2),
            new Compute(Device.gpu(0), ElementType.BF16, 1, 1))) {
      assertThatCode(() -> VectorModule.require(heads(64), compute, WITHOUT))
          .doesNotThrowAnyException();
    }
    assertThatCode(() -> VectorModule.require(heads(16), Compute.ONE_THREAD, WITHOUT))
        .doesNotThrowAnyException();
  }

  private static ModelConfig heads(int size) {
    return new ModelConfig(16, 2 * size, 32, 1, 2, 1, 64, 10_000, 1e-6, true);
  }
}
