package dev.drpo.learner;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random policy over twenty words, in Hugging Face layout; word 0 ends a response. */
public final class TinyPolicy {
  public static final int VOCABULARY = 20;
  public static final ModelConfig CONFIG =
      new ModelConfig(VOCABULARY, 16, 24, 2, 2, 1, 128, 10_000, 1e-6, true);

  private TinyPolicy() {}

  /** Writes a policy folder. */
  public static PolicyFolder write(Path folder) throws IOException {
    Files.createDirectories(folder);
    weights(folder.resolve("model.safetensors"), 1);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 20, "hidden_size": 16,
         "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
         "num_key_value_heads": 1, "max_position_embeddings": 128, "rope_theta": 10000.0,
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

  /** Writes weights alone; another seed gives others. */
  public static Path weights(Path file, long seed) throws IOException {
    PolicyInitializer.write(file, CONFIG, 0.3, seed);
    return file;
  }

  private static String tokenizer() {
    String words =
        IntStream.range(1, VOCABULARY)
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
