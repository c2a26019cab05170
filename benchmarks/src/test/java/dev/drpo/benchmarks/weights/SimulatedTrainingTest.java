package dev.drpo.benchmarks.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.patch.PatchEncoder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedTrainingTest {
  private static final int PARAMETERS = 12_000_000;

  @TempDir private Path folder;

  @Test
  void anUpdateOfAdamsSizeChangesAboutOneInAHundred() throws IOException {
    Path base = folder.resolve("base");
    Path next = folder.resolve("next");
    try (SimulatedTraining training = new SimulatedTraining(PARAMETERS, 0.12, 0)) {
      training.save(base);
      training.update();
      training.save(next);
      assertThat(training.parameters()).isBetween((long) PARAMETERS, 2L * PARAMETERS);
    }
    try (SafetensorsFile from = SafetensorsFile.open(base);
        SafetensorsFile to = SafetensorsFile.open(next)) {
      assertThat(from.tensors())
          .allSatisfy(info -> assertThat(info.type()).isEqualTo(ElementType.BF16));
      PatchEncoder.Summary patch =
          new PatchEncoder(900_000, Long.MAX_VALUE).encode(from, to, _ -> {}).orElseThrow();
      assertThat((double) patch.changed() / patch.elements()).isBetween(0.008, 0.012);
      assertThat((double) patch.bytes() / (2 * patch.elements())).isLessThan(0.01);
    }
  }

  @Test
  void theSameSeedGivesTheSameWeights() throws IOException {
    assertThat(saved(1)).isEqualTo(saved(1)).isNotEqualTo(saved(2));
  }

  private byte[] saved(long seed) throws IOException {
    Path file = folder.resolve("saved");
    try (SimulatedTraining training = new SimulatedTraining(1, 0.12, seed)) {
      training.update();
      training.save(file);
    }
    return Files.readAllBytes(file);
  }
}
