package dev.drpo.cli.lines;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drpo.policy.text.ChatMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The messages of a conversation in a line. */
public final class MessageList {
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private MessageList() {}

  /**
   * Reads a list of messages, one or more, as the value of the key {@code messages}.
   *
   * @param value the value's first token, on which the parser stands
   * @throws MalformedLine if it is no such list
   */
  public static List<ChatMessage> read(JsonLine line, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    if (value != JsonToken.START_ARRAY) {
      throw line.malformed("messages must be a list of objects with role and content");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
      messages.add(message(line, "messages[%d]".formatted(messages.size()), json, item));
    }
    if (messages.isEmpty()) {
      throw line.malformed("messages is empty; a conversation has at least one");
    }
    return messages;
  }

  private static ChatMessage message(JsonLine line, String place, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    if (value != JsonToken.START_OBJECT) {
      throw line.malformed(place + " must be an object with role and content");
    }
    Optional<String> role = Optional.empty();
    Optional<String> content = Optional.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken item = json.nextToken();
      switch (key) {
        case "role" -> role = Optional.of(line.text(place + ".role", json, item));
        case "content" -> content = Optional.of(line.text(place + ".content", json, item));
        default -> json.skipChildren();
      }
    }
    if (role.isEmpty() || content.isEmpty()) {
      throw line.malformed(place + " must have role and content");
    }
    if (!ROLES.contains(role.get())) {
      throw line.malformed(
          "%s.role is '%s'; it must be one of %s"
              .formatted(place, role.get(), String.join(", ", ROLES)));
    }
    return new ChatMessage(role.get(), content.get());
  }
}
