package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** The assistant's turn of a conversation. */
final class ChatFormat implements AnswerFormat {
  private static final String ROLE = "assistant";

  @Override
  public String idPrefix() {
    return "chatcmpl-";
  }

  @Override
  public String object() {
    return "chat.completion";
  }

  @Override
  public String chunkObject() {
    return "chat.completion.chunk";
  }

  @Override
  public void whole(ObjectNode choice, Piece text) {
    choice.putObject("message").put("role", ROLE).put("content", text.text()).putNull("refusal");
  }

  @Override
  public void part(ObjectNode choice, Piece text, boolean first) {
    ObjectNode delta = choice.putObject("delta");
    if (first) {
      delta.put("role", ROLE);
    }
    if (first || !text.text().isEmpty()) {
      delta.put("content", text.text());
    }
  }

  @Override
  public void logProbabilities(ObjectNode choice, Piece text) {
    ObjectNode logProbabilities = choice.putObject("logprobs");
    ArrayNode content = logProbabilities.putArray("content");
    logProbabilities.putNull("refusal");
    for (Piece.Token token : text.tokens()) {
      ObjectNode entry = content.addObject().put("token", token.text());
      if (Float.isNaN(token.logProbability())) {
        entry.putNull("logprob");
      } else {
        entry.put("logprob", token.logProbability());
      }
      ArrayNode bytes = entry.putArray("bytes");
      for (byte b : token.text().getBytes(StandardCharsets.UTF_8)) {
        bytes.add(Byte.toUnsignedInt(b));
      }
      entry.putArray("top_logprobs");
    }
  }
}
