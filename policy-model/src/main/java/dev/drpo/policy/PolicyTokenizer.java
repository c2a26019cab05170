package dev.drpo.policy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A checkpoint's tokenizer, chat template and end-of-sequence tokens. Safe for use by many threads.
 */
public final class PolicyTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final ChatTemplate template;
  private final Set<Integer> endOfSequence;

  private PolicyTokenizer(
      HuggingFaceTokenizer tokenizer, ChatTemplate template, Set<Integer> endOfSequence) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.endOfSequence = Set.copyOf(endOfSequence);
  }

  /**
   * Reads {@code tokenizer.json}, {@code tokenizer_config.json} and {@code generation_config.json}
   * of a policy folder.
   *
   * @throws PolicyFormatException if one is missing or lacks what generation needs
   */
  public static PolicyTokenizer load(Path folder) {
    Path file = folder.resolve("tokenizer.json");
    ModelConfig.readJson(file);
    JsonNode settings = ModelConfig.readJson(folder.resolve("tokenizer_config.json"));
    JsonNode template = settings.path("chat_template");
    if (!template.isTextual()) {
      throw new PolicyFormatException(
          folder.resolve("tokenizer_config.json")
              + " has no chat_template; use a chat checkpoint or add the template it was trained"
              + " with");
    }
    Set<Integer> endOfSequence = endOfSequence(folder.resolve("generation_config.json"));
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              file, Map.of("addSpecialTokens", "false", "truncation", "false"));
      return new PolicyTokenizer(
          tokenizer, new ChatTemplate(template.asText(), specialTokens(settings)), endOfSequence);
    } catch (IOException | RuntimeException e) {
      throw new PolicyFormatException(file + " can't be loaded: " + e.getMessage(), e);
    }
  }

  private static Set<Integer> endOfSequence(Path file) {
    JsonNode ids = ModelConfig.readJson(file).path("eos_token_id");
    Set<Integer> found = new TreeSet<>();
    if (ids.isIntegralNumber()) {
      found.add(ids.asInt());
    }
    ids.forEach(id -> found.add(id.asInt()));
    if (found.isEmpty()) {
      throw new PolicyFormatException(
          file + " has no eos_token_id; without one a response never ends");
    }
    return found;
  }

  private static Map<String, String> specialTokens(JsonNode settings) {
    Map<String, String> tokens = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
      JsonNode token = settings.path(name);
      // Older checkpoints wrap the text in an object.
      String text = token.isObject() ? token.path("content").asText() : token.asText("");
      if (!text.isEmpty() && !token.isNull()) {
        tokens.put(name, text);
      }
    }
    return tokens;
  }

  /** Token ids of text, with no special token added. */
  public int[] encode(String text) {
    return Arrays.stream(tokenizer.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** Text of token ids, special tokens left out. */
  public String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /** The text that the policy continues to answer a conversation. */
  public String render(List<ChatMessage> messages) {
    return template.render(messages);
  }

  /** Tokens that end a response. */
  public Set<Integer> endOfSequence() {
    return endOfSequence;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
