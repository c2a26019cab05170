package dev.drpo.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The architecture of a Qwen2 policy, from a Hugging Face {@code config.json}.
 *
 * @param vocabularySize rows of the embedding
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the gated feed-forward layer
 * @param layers decoder layers
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads}
 * @param contextLength most positions a sequence may have
 * @param ropeTheta base of the rotary embedding's wavelengths
 * @param rmsEpsilon added to the mean square in each norm
 * @param tiedEmbeddings whether the embedding is the output head
 */
public record ModelConfig(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int keyValueHeads,
    int contextLength,
    double ropeTheta,
    double rmsEpsilon,
    boolean tiedEmbeddings) {
  private static final String ARCHITECTURE = "Qwen2ForCausalLM";

  public ModelConfig {
    if (heads < 1 || hiddenSize % heads != 0 || (hiddenSize / heads) % 2 != 0) {
      throw new PolicyFormatException(
          "config.json: hidden_size "
              + hiddenSize
              + " must be a multiple of num_attention_heads "
              + heads
              + " with an even head size");
    }
    if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new PolicyFormatException(
          "config.json: num_key_value_heads "
              + keyValueHeads
              + " must divide num_attention_heads "
              + heads);
    }
  }

  /** Size of one attention head. */
  public int headSize() {
    return hiddenSize / heads;
  }

  /**
   * Reads {@code config.json} of a policy folder.
   *
   * @throws PolicyFormatException if the file is missing or malformed, or asks for an architecture
   *     or option that is not supported
   */
  public static ModelConfig read(Path folder) {
    Path file = folder.resolve("config.json");
    JsonNode json = readJson(file);
    refuseUnsupported(file, json);
    return new ModelConfig(
        integer(file, json, "vocab_size"),
        integer(file, json, "hidden_size"),
        integer(file, json, "intermediate_size"),
        integer(file, json, "num_hidden_layers"),
        integer(file, json, "num_attention_heads"),
        integer(file, json, "num_key_value_heads"),
        integer(file, json, "max_position_embeddings"),
        real(file, ropeSettings(json), "rope_theta", 10_000),
        real(file, json, "rms_norm_eps", 1e-6),
        json.path("tie_word_embeddings").asBoolean(false));
  }

  private static void refuseUnsupported(Path file, JsonNode json) {
    String architecture = json.path("architectures").path(0).asText();
    if (!architecture.equals(ARCHITECTURE)) {
      throw new PolicyFormatException(
          file
              + ": architecture '"
              + architecture
              + "' is not supported; use a "
              + ARCHITECTURE
              + " checkpoint (Qwen2.5 or DeepSeek-R1-Distill-Qwen)");
    }
    if (json.path("use_sliding_window").asBoolean(false)) {
      throw new PolicyFormatException(
          file
              + ": use_sliding_window is true, which is not supported; use a full-attention model");
    }
    String ropeType = json.path("rope_parameters").path("rope_type").asText("default");
    if (json.hasNonNull("rope_scaling") || !ropeType.equals("default")) {
      throw new PolicyFormatException(
          file + ": rope_scaling is set, which is not supported; use the unscaled checkpoint");
    }
    String activation = json.path("hidden_act").asText("silu");
    if (!activation.equals("silu")) {
      throw new PolicyFormatException(
          file + ": hidden_act '" + activation + "' is not supported; only silu is");
    }
  }

  private static int integer(Path file, JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
      throw new PolicyFormatException(
          file + ": " + key + " must be a positive integer, but it is " + shown(value));
    }
    return value.asInt();
  }

  private static double real(Path file, JsonNode json, String key, double absent) {
    JsonNode value = json.path(key);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.isNumber() || value.asDouble() <= 0) {
      throw new PolicyFormatException(
          file + ": " + key + " must be a positive number, but it is " + shown(value));
    }
    return value.asDouble();
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }

  /** Newer releases of transformers write the rotary settings into an object of their own. */
  private static JsonNode ropeSettings(JsonNode json) {
    return json.path("rope_parameters").has("rope_theta") ? json.path("rope_parameters") : json;
  }

  static JsonNode readJson(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new PolicyFormatException(
          file
              + " does not exist; a policy folder holds config.json, generation_config.json,"
              + " tokenizer.json, tokenizer_config.json and model.safetensors");
    }
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      if (!json.isObject()) {
        throw new PolicyFormatException(file + " must hold a JSON object");
      }
      return json;
    } catch (IOException e) {
      throw new PolicyFormatException(file + " is not valid JSON: " + e.getMessage(), e);
    }
  }
}
