package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
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
    assertThatThrownBy(() -> devices.requireRoom(devices.memory(HUGE), 145_410_000_000L))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "training needs 1890.36 GB on the CPU",
            "gradients 290.82 GB",
            "optimizer 290.82 GB",
            "weights to publish: 145.41 GB",
            "training.compute to bfloat16");
    assertThatCode(() -> devices.requireRoom(devices.memory(TinyPolicy.Preset.SLIM.config()), 0))
        .doesNotThrowAnyException();
  }

  @Test
  void theLastByteThatIsMissingCounts() {
    assertThatCode(() -> TrainingDevices.requireRoom("plan", 100, 100, "cuda:3"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> TrainingDevices.requireRoom("plan", 101, 100, "cuda:3"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("on cuda:3", "each of training.devices: plan");
    assertThatCode(() -> TrainingDevices.requireHostRoom(100, 100)).doesNotThrowAnyException();
    assertThatThrownBy(() -> TrainingDevices.requireHostRoom(3_600_000_000L, 3_599_999_999L))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("a copy of 3.60 GB", "set weights.type to bfloat16");
  }

  private static RunConfig config(String devices) {
    // GPUs ask for bfloat16.
    String compute = devices.startsWith("cuda") ? "bfloat16" : "float32";
    return ConfigLoader.load(
        null, Map.of(), Map.of("training.devices", devices, "training.compute", compute));
  }
}
