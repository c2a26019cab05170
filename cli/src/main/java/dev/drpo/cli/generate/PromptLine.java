package dev.drpo.cli.generate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.JsonLine;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.cli.lines.TokenList;
import dev.drpo.policy.text.ChatMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a line with a prompt. Keys that it doesn't know are skipped, since lines of data sets carry
 * more than the prompt.
 */
final class PromptLine {
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private final JsonLine line = new JsonLine();
  private final int vocabularySize;
  private final List<Prompt> prompts = new ArrayList<>();

  /**
   * A prompt and its name.
   *
   * @param id the line's number if it has none of its own
   */
  record Named(LineId id, Prompt prompt) {}

  private PromptLine(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /**
   * Reads a line.
   *
   * @param vocabularySize token ids lie in [0, vocabularySize)
   */
  static Named read(InputLine line, int vocabularySize) throws MalformedLine {
    return switch (line) {
      case InputLine.Text text -> new PromptLine(vocabularySize).read(text);
      case InputLine.TooLong _ ->
          throw new MalformedLine(
              Optional.empty(), "it is longer than %,d bytes".formatted(InputLine.MAX_BYTES));
    };
  }

  private Named read(InputLine.Text text) throws MalformedLine {
    line.read(text.utf8(), "prompt, messages or tokens", this::readKey);
    if (prompts.size() != 1) {
      throw line.malformed(
          prompts.isEmpty()
              ? "it has no prompt (or messages, or tokens)"
              : "it has several of prompt, messages and tokens; give one of them");
    }
    LineId id = line.id().orElse(new LineId.Numeral(Long.toString(text.number())));
    return new Named(id, prompts.getFirst());
  }

  private void readKey(String key, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    switch (key) {
      case "prompt" -> prompts.add(new Prompt.Text(text(key, json, value)));
      case "messages" -> prompts.add(new Prompt.Conversation(messages(json, value)));
      case "tokens" ->
          prompts.add(new Prompt.Tokens(TokenList.read(line, key, json, value, vocabularySize)));
      default -> json.skipChildren();
    }
  }

  private List<ChatMessage> messages(JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    if (value != JsonToken.START_ARRAY) {
      throw line.malformed("messages must be a list of objects with role and content");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
      messages.add(message("messages[%d]".formatted(messages.size()), json, item));
    }
    if (messages.isEmpty()) {
      throw line.malformed("messages is empty; a conversation has at least one");
    }
    return messages;
  }

  private ChatMessage message(String place, JsonParser json, JsonToken value)
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
        case "role" -> role = Optional.of(text(place + ".role", json, item));
        case "content" -> content = Optional.of(text(place + ".content", json, item));
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

  private String text(String what, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    if (value != JsonToken.VALUE_STRING) {
      throw line.malformed(what + " must be a string");
    }
    return json.getText();
  }
}
