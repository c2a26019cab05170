package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.text.PolicyTokenizer;
import java.util.ArrayList;
import java.util.List;

/** The prompts of a completion: a text, several, a list of token ids, or several. */
final class Prompts {
  private static final String FIELD = "prompt";
  private static final String EXPECTED =
      "a text, a list of texts, a list of token ids, or a list of such lists";

  private Prompts() {}

  static List<int[]> read(RequestFields fields, PolicyTokenizer tokenizer) {
    JsonNode prompt = fields.require(FIELD, EXPECTED);
    if (prompt.isTextual()) {
      return List.of(tokenizer.encode(prompt.asText()));
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw refused(prompt);
    }
    if (prompt.get(0).isNumber()) {
      return List.of(tokens(prompt, prompt));
    }
    List<int[]> prompts = new ArrayList<>();
    boolean texts = prompt.get(0).isTextual();
    for (JsonNode one : prompt) {
      if (texts != one.isTextual()) {
        throw refused(prompt);
      }
      prompts.add(texts ? tokenizer.encode(one.asText()) : tokens(one, prompt));
    }
    return prompts;
  }

  private static int[] tokens(JsonNode list, JsonNode prompt) {
    if (!list.isArray()) {
      throw refused(prompt);
    }
    int[] tokens = new int[list.size()];
    for (int i = 0; i < tokens.length; i++) {
      if (!list.get(i).isIntegralNumber() || !list.get(i).canConvertToInt()) {
        throw refused(prompt);
      }
      tokens[i] = list.get(i).asInt();
    }
    return tokens;
  }

  private static ApiException refused(JsonNode prompt) {
    return ApiException.invalid(
        FIELD, "prompt is %s; it must be %s", RequestFields.shown(prompt), EXPECTED);
  }
}
