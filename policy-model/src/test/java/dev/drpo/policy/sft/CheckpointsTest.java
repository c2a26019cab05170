package dev.drpo.policy.sft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.PolicyTrainer.AdamW;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_SMALLEST;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @Test
  void theNewestIsKeptAndHalfAFolderIsNone() throws IOException {
    Path place = folder.resolve("checkpoints");
    Checkpoints checkpoints = new Checkpoints(place);
    assertThat(checkpoints.newest()).isEmpty();
    Path weights = RandomWeights.of(CONFIG, 1).write(folder.resolve("model.safetensors"));
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      for (int i = 0; i < 2; i++) {
        // As a kill leaves it.
        Files.createDirectories(place.resolve("partial"));
        Files.writeString(place.resolve("partial").resolve("policy.safetensors"), "half");
        trainer.optimize(new AdamW(1e-3, 0.9, 0.98, 1e-8, 0, 1));
        checkpoints.write(trainer);
      }
    }
    Files.createDirectories(place.resolve("partial"));

    assertThat(checkpoints.newest().orElseThrow().steps()).isEqualTo(2);
    assertThat(place.resolve("step-00000001")).doesNotExist();
    checkpoints.clear();
    assertThat(place).doesNotExist();
  }
}
