package dev.drpo.policy.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.PolicyFormatException;
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
 * @param headSize width of one attention head; even
 * @param attentionBias whether queries, keys and values have biases
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
    boolean tiedEmbeddings,
    int headSize,
    boolean attentionBias) {

  public ModelConfig {
    if (headSize < 2 || headSize % 2 != 0) {
      throw new PolicyFormatException(
          "config.json: head_dim " + headSize + " must be even, for rotary embeddings pair halves");
    }
    if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
      throw new PolicyFormatException(
          "config.json: num_key_value_heads "
              + keyValueHeads
              + " must divide num_attention_heads "
              + heads);
    }
  }

  /** The architecture as every published Qwen2 model has it: heads share out the hidden size. */
  public ModelConfig(
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
    this(
        vocabularySize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        keyValueHeads,
        contextLength,
        ropeTheta,
        rmsEpsilon,
        tiedEmbeddings,
        sharedOut(hiddenSize, heads),
        true);
  }

  /** Head size of a model that does not state one. */
  private static int sharedOut(int hiddenSize, int heads) {
    if (heads < 1 || hiddenSize % heads != 0 || (hiddenSize / heads) % 2 != 0) {
      throw new PolicyFormatException(
          "config.json: hidden_size "
              + hiddenSize
              + " must be a multiple of num_attention_heads "
              + heads
              + " with an even head size, or head_dim must be given");
    }
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
    UnsupportedOptions.refuse(file, json);
    ConfigValues values = new ConfigValues(file, json);
    int hiddenSize = values.integer("hidden_size");
    int heads = values.integer("num_attention_heads");
    return new ModelConfig(
        values.integer("vocab_size"),
        hiddenSize,
        values.integer("intermediate_size"),
        values.integer("num_hidden_layers"),
        heads,
        values.integer("num_key_value_heads"),
        values.integer("max_position_embeddings"),
        new ConfigValues(file, ropeSettings(json)).real("rope_theta", 10_000),
        values.real("rms_norm_eps", 1e-6),
        values.flag("tie_word_embeddings", false),
        values.given("head_dim") ? values.integer("head_dim") : sharedOut(hiddenSize, heads),
        values.flag("attention_bias", true));
  }

  /** Newer releases of transformers write the rotary settings into an object of their own. */
  private static JsonNode ropeSettings(JsonNode json) {
    return json.path("rope_parameters").has("rope_theta") ? json.path("rope_parameters") : json;
  }

  /**
   * Reads the JSON object in a file of a policy folder.
   *
   * @throws PolicyFormatException if the file is missing or holds anything else
   */
  public static JsonNode readJson(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new PolicyFormatException(
          file
              + " does not exist; a policy folder holds config.json, tokenizer.json,"
              + " tokenizer_config.json, usually generation_config.json, and model.safetensors or"
              + " model.safetensors.index.json with its shards");
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
