package dev.drpo.cli.policy;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A random policy over sixteen tokens: w1 to w15, and token 0, which ends a response. A text with
 * another word can't be spelled.
 */
public final class TinyPolicy {
  public static final int CONTEXT = 64;
  public static final ModelConfig CONFIG =
      new ModelConfig(16, 32, 48, 2, 4, 2, CONTEXT, 10_000, 1e-6, true);

  private TinyPolicy() {}

  /** Writes a policy folder, which suggests a budget of 24 tokens. */
  public static PolicyFolder write(Path folder) throws IOException {
    Files.createDirectories(folder);
    PolicyInitializer.write(folder.resolve("model.safetensors"), CONFIG, 0.3, 5);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 16, "hidden_size": 32,
         "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 64, "rope_theta": 10000.0,
         "rms_norm_eps": 1e-6, "tie_word_embeddings": true}
        """);
    Files.writeString(
        folder.resolve("generation_config.json"), "{\"eos_token_id\": 0, \"max_new_tokens\": 24}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": "{% for m in messages %}{% if m.role == 'system' %}w9 {% else %}w1 {% endif %}{{ m.content }} {% endfor %}w2"}
        """);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    return new PolicyFolder(folder);
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
     "model": {"type": "WordLevel", "vocab": {"<end>": 0, %s}, "unk_token": "<unknown>"}}
    """
        .formatted(words);
  }
}
