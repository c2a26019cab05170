package dev.drpo.cli.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the {@code config.json} of a policy that a command makes up. */
public final class ConfigJson {
  private ConfigJson() {}

  /**
   * Writes the file into a policy's folder.
   *
   * @param type of its weights
   */
  public static void write(Path folder, ModelConfig shape, ElementType type) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of("Qwen2ForCausalLM"));
    json.put("model_type", "qwen2");
    json.put("vocab_size", shape.vocabularySize());
    json.put("hidden_size", shape.hiddenSize());
    json.put("intermediate_size", shape.intermediateSize());
    json.put("num_hidden_layers", shape.layers());
    json.put("num_attention_heads", shape.heads());
    json.put("num_key_value_heads", shape.keyValueHeads());
    json.put("max_position_embeddings", shape.contextLength());
    json.put("rope_theta", shape.ropeTheta());
    json.put("rms_norm_eps", shape.rmsEpsilon());
    json.put("tie_word_embeddings", shape.tiedEmbeddings());
    json.put("hidden_act", "silu");
    json.put("torch_dtype", type.configName());
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("config.json").toFile(), json);
  }
}
