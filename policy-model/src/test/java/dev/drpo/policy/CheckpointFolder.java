package dev.drpo.policy;

import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tiny checkpoint in Hugging Face layout, whose files a test can break one by one. */
public record CheckpointFolder(Path path) {
  public static final ModelConfig ARCHITECTURE =
      new ModelConfig(6, 8, 12, 1, 2, 1, 32, 1_000_000, 1e-5, true);

  public static final String CONFIG =
      """
      {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 6, "hidden_size": 8,
       "intermediate_size": 12, "num_hidden_layers": 1, "num_attention_heads": 2,
       "num_key_value_heads": 1, "max_position_embeddings": 32, "rope_theta": 1000000.0,
       "rms_norm_eps": 1e-05, "tie_word_embeddings": true, "hidden_act": "silu",
       "use_sliding_window": false, "sliding_window": 4096, "rope_scaling": null}
      """;

  static final String TEMPLATE =
      """
      {%- if messages[0]['role'] != 'system' %}
          {{- '<|im_start|>system\\nBe brief.<|im_end|>\\n' }}
      {%- endif %}
      {%- for message in messages %}
          {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
          {{- '<|im_start|>assistant\\n' }}
      {%- endif %}
      """;

  public static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [{"id": 5, "content": "<|end|>", "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "?",
         "vocab": {"?": 0, "one": 1, "and": 2, "two": 3, "three": 4}}}
      """;

  /** Writes everything but the weights. */
  public static CheckpointFolder writeTo(Path folder) throws IOException {
    CheckpointFolder checkpoint = new CheckpointFolder(folder);
    checkpoint.write("config.json", CONFIG);
    checkpoint.write("tokenizer.json", TOKENIZER);
    checkpoint.writeTemplate(TEMPLATE);
    checkpoint.write("generation_config.json", "{\"eos_token_id\": 5}");
    return checkpoint;
  }

  public void writeTemplate(String template) throws IOException {
    String quoted = template.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    write(
        "tokenizer_config.json",
        """
        {"chat_template": "%s", "bos_token": {"content": "<|begin|>"}, "eos_token": "<|end|>",
         "pad_token": null}
        """
            .formatted(quoted));
  }

  public Path write(String name, String text) throws IOException {
    return Files.writeString(path.resolve(name), text);
  }
}
