package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaceCheckTest {
  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {
          "architectures": ["Qwen2ForCausalLM"],
          "vocab_size": 151936,
          "hidden_size": 896,
          "intermediate_size": 4864,
          "num_hidden_layers": 24,
          "num_attention_heads": 14,
          "num_key_value_heads": 2,
          "max_position_embeddings": 32768,
          "tie_word_embeddings": true
        }
        """);
  }

  @Test
  void aPresetOfThePapersSizeOnACpuIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> PaceCheck.check(plan(Map.of()), Machines.with(0, 0)))
        .isInstanceOf(UsageError.class)
        .hasMessageContainingAll(
            "this machine's CPU (8 cores) busy for",
            "6 hours is the most",
            "./drpo plan",
            "training.devices",
            "policy.path",
            "training.prompts-per-step");
  }

  @Test
  void aFewShortResponsesOfTheSamePolicyAreNot() {
    assertThatCode(
            () ->
                PaceCheck.check(
                    plan(
                        Map.of(
                            "training.prompts-per-step", "4",
                            "sampling.max-response-tokens", "64")),
                    Machines.with(0, 0)))
        .doesNotThrowAnyException();
  }

  private RunPlan plan(Map<String, String> changes) {
    Map<String, String> keys =
        new HashMap<>(
            Map.of(
                "policy.path", folder.toString(),
                "training.devices", "cpu",
                "rollout.devices", "cpu"));
    keys.putAll(changes);
    return new RunPlan(
        new RunFolder(folder.resolve("run")),
        ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, "drpo-1.5b-8k"), keys),
        1);
  }
}
