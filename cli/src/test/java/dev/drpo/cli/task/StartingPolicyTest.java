package dev.drpo.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingPolicyTest {
  private static final Path COMMITTED =
      Path.of(System.getProperty("drpo.root"), "datasets", "quickstart", "policy");
  private static final List<String> TEXT_FILES =
      List.of("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json");

  @TempDir Path folder;

  @BeforeEach
  void prepareTheEngine() {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
  }

  @Test
  void theCommittedTextFilesAreWhatTheCommandWrites() throws IOException {
    PolicyFiles.write(folder);
    for (String file : TEXT_FILES) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(COMMITTED.resolve(file));
    }
  }

  @Test
  void theCommittedPolicyIsOftenRightAndLongWinded() throws InterruptedException {
    try (NDManager manager = TensorEngine.newManager();
        Safetensors weights = new PolicyFolder(COMMITTED).openWeights();
        Decoder policy = Decoder.load(manager, PolicyFiles.ARCHITECTURE, weights)) {
      HeldOutEvaluation.Result result = HeldOutEvaluation.of(policy, 64, 0.6);
      assertThat(result.samples()).isEqualTo(256);
      assertThat(result.accuracy()).isGreaterThan(0.9);
      assertThat(result.meanLength()).isBetween(120.0, 180.0);
    }
  }
}
