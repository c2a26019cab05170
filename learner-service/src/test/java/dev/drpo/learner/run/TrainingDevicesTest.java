package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.testkit.TinyPolicy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingDevicesTest {
  private static final ModelConfig HUGE =
      new ModelConfig(152_064, 8192, 29_568, 80, 64, 8, 32_768, 1e6, 1e-6, false);

  @Test
  void aGpuThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> TrainingDevices.of(config("cuda:998,cuda:999")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("training.devices names cuda:998", "GPUs");
  }

  @Test
  void devicesAreThoseOfTheRunInOrder() {
    TrainingDevices devices = TrainingDevices.of(config("cpu,cpu,cpu"));
    assertThat(devices.devices()).containsExactly(Device.cpu(), Device.cpu(), Device.cpu());
    assertThat(devices.workers()).isEqualTo(3);
  }

  @Test
  void aPolicyThatDoesNotFitIsRefusedWithNumbers() {
    TrainingDevices devices = TrainingDevices.of(config("cpu,cpu"));
    assertThatThrownBy(() -> devices.requireRoom(devices.memory(HUGE)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "training needs 1744.95 GB on the CPU",
            "gradients 290.82 GB",
            "optimizer 290.82 GB",
            "training.compute to bfloat16");
    assertThatCode(() -> devices.requireRoom(devices.memory(TinyPolicy.Preset.SLIM.config())))
        .doesNotThrowAnyException();
  }

  @Test
  void theLastByteThatIsMissingCounts() {
    TrainingMemory memory =
        TrainingDevices.of(config("cpu")).memory(TinyPolicy.Preset.SLIM.config());
    assertThatCode(() -> TrainingDevices.requireRoom(memory, 100, 100, "cuda:3"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> TrainingDevices.requireRoom(memory, 101, 100, "cuda:3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("on cuda:3");
  }

  private static RunConfig config(String devices) {
    // GPUs ask for bfloat16.
    String compute = devices.startsWith("cuda") ? "bfloat16" : "float32";
    return ConfigLoader.load(
        null, Map.of(), Map.of("training.devices", devices, "training.compute", compute));
  }
}
