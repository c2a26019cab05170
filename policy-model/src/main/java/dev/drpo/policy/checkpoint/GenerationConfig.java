package dev.drpo.policy.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.PolicyFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a checkpoint says about generation.
 *
 * @param endOfSequence tokens that end a response; never empty
 * @param suggestions sampling settings by name, as JSON text: reported, but a run's own settings
 *     hold, since an objective's ratios need the distribution that the run asks for
 */
public record GenerationConfig(
    Set<Integer> endOfSequence, SequencedMap<String, String> suggestions) {
  private static final List<String> SAMPLING =
      List.of(
          "do_sample",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "repetition_penalty",
          "max_length",
          "max_new_tokens");

  public GenerationConfig {
    endOfSequence = Set.copyOf(endOfSequence);
  }

  /**
   * Reads {@code generation_config.json}; tokens that end a response may stand in {@code
   * config.json} instead.
   *
   * @throws PolicyFormatException if neither has them, or they are no tokens of the vocabulary
   */
  public static GenerationConfig read(Path folder) {
    Path config = folder.resolve("config.json");
    Path file = folder.resolve("generation_config.json");
    JsonNode model = ModelConfig.readJson(config);
    if (!Files.exists(file)) {
      return new GenerationConfig(endOfSequence(config, model, model), new LinkedHashMap<>());
    }
    JsonNode generation = ModelConfig.readJson(file);
    boolean own = generation.hasNonNull("eos_token_id");
    SequencedMap<String, String> suggestions = new LinkedHashMap<>();
    SAMPLING.stream()
        .filter(generation::hasNonNull)
        .forEach(key -> suggestions.put(key, generation.path(key).toString()));
    return new GenerationConfig(
        endOfSequence(own ? file : config, own ? generation : model, model), suggestions);
  }

  private static Set<Integer> endOfSequence(Path file, JsonNode json, JsonNode model) {
    JsonNode ids = json.path("eos_token_id");
    int vocabulary = model.path("vocab_size").asInt(Integer.MAX_VALUE);
    Set<Integer> found = new TreeSet<>();
    for (JsonNode id : ids.isArray() ? ids : List.of(ids)) {
      if (id.isMissingNode() || id.isNull()) {
        break;
      }
      if (!id.isIntegralNumber()
          || !id.canConvertToInt()
          || id.asInt() < 0
          || id.asInt() >= vocabulary) {
        throw new PolicyFormatException(
            file
                + ": eos_token_id is "
                + ids
                + "; a token id below vocab_size "
                + vocabulary
                + " or a list of them is expected");
      }
      found.add(id.asInt());
    }
    if (found.isEmpty()) {
      throw new PolicyFormatException(
          file + " has no eos_token_id; without one a response never ends");
    }
    return found;
  }

  /** The suggested sampling settings, for people. */
  public String suggestionsText() {
    return suggestions.isEmpty()
        ? "none"
        : suggestions.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}
