package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.RandomSequences;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer takes outside the Java heap must not grow with what it has done. */
@EnabledOnOs(OS.LINUX)
class TrainerMemoryTest {
  private static final int WARM_UP_WINDOWS = 3;
  private static final int WINDOWS = 7;
  private static final int STEPS_IN_A_WINDOW = 50;

  @TempDir Path folder;

  @Test
  void hundredsOfStepsOnSeveralDevicesLeaveNothingBehind() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path weights = RandomWeights.of(config, 15).write(folder.resolve("model.safetensors"));
    TrainerOptions options = new TrainerOptions(ElementType.BF16, true, 1 << 10, 1);
    RandomSequences random = new RandomSequences(config, 31);
    List<MicroBatch> batches =
        Stream.generate(() -> MicroBatch.of(random.group(3, 9, 12))).limit(3).toList();
    List<float[]> coefficients = batches.stream().map(random::coefficients).toList();
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    try (SafetensorsFile file = SafetensorsFile.open(weights);
        PolicyTrainer trainer =
            PolicyTrainer.load(Collections.nCopies(2, Device.cpu()), config, file, options)) {
      train(trainer, batches, coefficients, WARM_UP_WINDOWS * STEPS_IN_A_WINDOW);
      System.gc();
      long before = residentKibibytes();
      long[] growth = new long[WINDOWS];
      for (int window = 0; window < WINDOWS; window++) {
        train(trainer, batches, coefficients, STEPS_IN_A_WINDOW);
        System.gc();
        long now = residentKibibytes();
        growth[window] = now - before;
        before = now;
      }
      // The virtual machine's own memory moves by fits and starts, while what steps leave behind
      // grows in every window: a copy of the weights alone is 3 MiB a window.
      Arrays.sort(growth);
      assertThat(growth[WINDOWS / 2]).isLessThan(1024);
      assertThat(trainer.optimizerSteps())
          .isEqualTo((WARM_UP_WINDOWS + WINDOWS) * STEPS_IN_A_WINDOW);
    }
  }

  private static void train(
      PolicyTrainer trainer, List<MicroBatch> batches, List<float[]> coefficients, int steps) {
    for (int step = 0; step < steps; step++) {
      trainer.zeroGradients();
      trainer.logProbabilities(batches, 1);
      trainer.accumulate(batches, coefficients, 1);
      trainer.optimize(new PolicyTrainer.AdamW(1e-4, 0.9, 0.999, 1e-8, 0.01, 1));
    }
  }

  private static long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
