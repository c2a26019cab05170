package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A text that continues a prompt. */
final class CompletionFormat implements AnswerFormat {
  @Override
  public String idPrefix() {
    return "cmpl-";
  }

  @Override
  public String object() {
    return "text_completion";
  }

  @Override
  public String chunkObject() {
    return "text_completion";
  }

  @Override
  public void whole(ObjectNode choice, Piece text) {
    choice.put("text", text.text());
  }

  @Override
  public void part(ObjectNode choice, Piece text, boolean first) {
    whole(choice, text);
  }

  @Override
  public void logProbabilities(ObjectNode choice, Piece text) {
    ObjectNode lists = choice.putObject("logprobs");
    ArrayNode tokens = lists.putArray("tokens");
    ArrayNode logProbabilities = lists.putArray("token_logprobs");
    lists.putNull("top_logprobs");
    ArrayNode offsets = lists.putArray("text_offset");
    for (Piece.Token token : text.tokens()) {
      tokens.add(token.text());
      if (Float.isNaN(token.logProbability())) {
        logProbabilities.addNull();
      } else {
        logProbabilities.add(token.logProbability());
      }
      offsets.add(token.offset());
    }
  }
}
