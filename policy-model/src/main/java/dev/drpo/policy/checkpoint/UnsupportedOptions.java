package dev.drpo.policy.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.PolicyFormatException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * The options of a {@code config.json} that change what a decoder computes in a way that this one
 * does not. A checkpoint that uses one is refused, for it would load and answer nonsense.
 */
final class UnsupportedOptions {
  private static final String ARCHITECTURE = "Qwen2ForCausalLM";

  /**
   * One option.
   *
   * @param key where it stands
   * @param harmless the values that change nothing; an absent or null value never does
   * @param supported what is supported, for people
   */
  private record Option(String key, Predicate<JsonNode> harmless, String supported) {}

  private static final List<Option> OPTIONS =
      List.of(
          new Option("model_type", value -> value.asText().equals("qwen2"), "\"qwen2\" only"),
          new Option(
              "use_sliding_window",
              UnsupportedOptions::isFalse,
              "only false, full attention in every layer"),
          new Option(
              "layer_types",
              UnsupportedOptions::isFullAttention,
              "only \"full_attention\" in every layer"),
          new Option(
              "rope_scaling",
              UnsupportedOptions::isDefaultRope,
              "only null, so use the unscaled checkpoint"),
          new Option(
              "rope_parameters",
              UnsupportedOptions::isDefaultRope,
              "only the rope_type \"default\", so use the unscaled checkpoint"),
          new Option("hidden_act", value -> value.asText().equals("silu"), "only \"silu\""),
          new Option(
              "quantization_config",
              value -> false,
              "only fp32, bf16 and fp16 weights, so use the checkpoint before quantization"),
          new Option("use_mrope", UnsupportedOptions::isFalse, "only false, a text model"),
          new Option("mlp_bias", UnsupportedOptions::isFalse, "only false"),
          new Option(
              "partial_rotary_factor", value -> value.asDouble() == 1, "only 1, whole heads"),
          new Option(
              "dual_chunk_attention_config", value -> false, "only null, plain full attention"));

  private UnsupportedOptions() {}

  /**
   * Refuses what is not supported.
   *
   * @throws PolicyFormatException with the option's name, its value and what is supported
   */
  static void refuse(Path file, JsonNode json) {
    requireArchitecture(file, json);
    for (Option option : OPTIONS) {
      JsonNode value = json.path(option.key());
      if (json.hasNonNull(option.key()) && !option.harmless().test(value)) {
        throw new PolicyFormatException(
            file
                + ": "
                + option.key()
                + " is "
                + value
                + ", which is not supported; supported is "
                + option.supported());
      }
    }
  }

  private static void requireArchitecture(Path file, JsonNode json) {
    JsonNode architectures = json.path("architectures");
    if (architectures.size() != 1 || !architectures.path(0).asText().equals(ARCHITECTURE)) {
      throw new PolicyFormatException(
          file
              + ": architectures is "
              + (architectures.isMissingNode() ? "missing" : architectures)
              + " (model_type "
              + json.path("model_type").asText("missing")
              + "), which is not supported; use a "
              + ARCHITECTURE
              + " checkpoint, such as Qwen2.5 or DeepSeek-R1-Distill-Qwen");
    }
  }

  private static boolean isFalse(JsonNode value) {
    return value.isBoolean() && !value.asBoolean();
  }

  private static boolean isFullAttention(JsonNode layers) {
    for (JsonNode layer : layers) {
      if (!layer.asText().equals("full_attention")) {
        return false;
      }
    }
    return layers.isArray();
  }

  /** Older releases name the kind of scaling {@code type}, newer ones {@code rope_type}. */
  private static boolean isDefaultRope(JsonNode rope) {
    return rope.isObject()
        && rope.path("rope_type").asText("default").equals("default")
        && rope.path("type").asText("default").equals("default");
  }
}
