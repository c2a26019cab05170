package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.text.ChatMessage;
import java.util.ArrayList;
import java.util.List;

/** The conversation of a chat completion, whose contents are texts. */
final class Messages {
  private static final String FIELD = "messages";
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private Messages() {}

  static List<ChatMessage> read(RequestFields fields) {
    JsonNode list = fields.require(FIELD, "a list of messages");
    if (!list.isArray() || list.isEmpty()) {
      throw ApiException.invalid(
          FIELD,
          "messages is %s; it must be a list of at least one message",
          RequestFields.shown(list));
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : list) {
      messages.add(read(message, "messages[%d]".formatted(messages.size())));
    }
    return messages;
  }

  private static ChatMessage read(JsonNode message, String place) {
    if (!message.isObject()) {
      throw ApiException.invalid(
          place,
          "%s is %s; it must be an object with role and content",
          place,
          RequestFields.shown(message));
    }
    RequestFields fields = new RequestFields(message, place + ".");
    fields.require("role", "one of " + ROLES);
    String role = fields.text("role").orElseThrow();
    if (!ROLES.contains(role)) {
      throw ApiException.invalid(
          fields.nameOf("role"), "%s has role '%s'; it must be one of %s", place, role, ROLES);
    }
    JsonNode content = fields.require("content", "a text");
    fields.refuseOthers();
    return new ChatMessage(role, text(content, fields.nameOf("content")));
  }

  /** A text, or the parts of one. */
  private static String text(JsonNode content, String place) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw refused(content, place);
      }
      text.append(part.get("text").asText());
    }
    if (!content.isArray()) {
      throw refused(content, place);
    }
    return text.toString();
  }

  private static ApiException refused(JsonNode content, String place) {
    return ApiException.invalid(
        place,
        "%s is %s; it must be a text, or a list of parts of type text",
        place,
        RequestFields.shown(content));
  }
}
