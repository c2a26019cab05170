package dev.drpo.rollout;

import dev.drpo.policy.ModelConfig;
import dev.drpo.policy.PolicyDigest;
import dev.drpo.policy.PolicyFolder;
import dev.drpo.policy.PolicyInitializer;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.rollout.engine.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random policies over a vocabulary of sixteen words; the word of token 0 ends a response. */
public final class TinyPolicy {
  public static final int END = 0;
  public static final int CONTEXT = 512;
  public static final ModelConfig CONFIG =
      new ModelConfig(16, 32, 48, 2, 4, 2, CONTEXT, 10_000, 1e-6, true);

  private TinyPolicy() {}

  /** Writes a policy folder; another seed gives other weights. */
  public static PolicyFolder write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    weights(folder.resolve("model.safetensors"), seed);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 16, "hidden_size": 32,
         "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 512, "rope_theta": 10000.0,
         "rms_norm_eps": 1e-6, "tie_word_embeddings": true}
        """);
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 0}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": "{% for m in messages %}w1 {{ m.content }}{% endfor %} w2"}
        """);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    return new PolicyFolder(folder);
  }

  /** Writes weights alone. */
  public static Path weights(Path file, long seed) throws IOException {
    PolicyInitializer.write(file, CONFIG, 0.3, seed);
    return file;
  }

  /** The version that a file holds. */
  public static PolicyVersion version(long step, Path file) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return new PolicyVersion(step, PolicyDigest.of(weights));
    }
  }

  private static String tokenizer() {
    String words =
        IntStream.range(1, CONFIG.vocabularySize())
            .mapToObj(id -> "\"w%d\": %d".formatted(id, id))
            .collect(Collectors.joining(", "));
    return """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [{"id": 0, "content": "<end>", "single_word": false, "lstrip": false,
                       "rstrip": false, "normalized": false, "special": true}],
     "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
     "decoder": null,
     "model": {"type": "WordLevel", "vocab": {"<end>": 0, %s}, "unk_token": "<end>"}}
    """
        .formatted(words);
  }
}
