package dev.drpo.cli.sft;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.JsonLine;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.cli.lines.MessageList;
import dev.drpo.cli.lines.TokenList;
import dev.drpo.policy.text.ChatMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a line with a trace. Keys that it doesn't know are skipped. */
final class TraceLine {
  private static final String EXPECTED =
      "messages, or prompt and response, or promptTokens and responseTokens";

  private final JsonLine line = new JsonLine();
  private final int vocabularySize;
  private Optional<List<ChatMessage>> messages = Optional.empty();
  private Optional<String> prompt = Optional.empty();
  private Optional<String> response = Optional.empty();
  private Optional<int[]> promptTokens = Optional.empty();
  private Optional<int[]> responseTokens = Optional.empty();

  private TraceLine(int vocabularySize) {
    this.vocabularySize = vocabularySize;
  }

  /**
   * Reads a line.
   *
   * @param vocabularySize token ids lie in [0, vocabularySize)
   */
  static Trace read(InputLine line, int vocabularySize) throws MalformedLine {
    return switch (line) {
      case InputLine.Text text -> new TraceLine(vocabularySize).read(text);
      case InputLine.TooLong _ ->
          throw new MalformedLine(
              Optional.empty(), "it is longer than %,d bytes".formatted(InputLine.MAX_BYTES));
    };
  }

  private Trace read(InputLine.Text text) throws MalformedLine {
    line.read(text.utf8(), EXPECTED, this::readKey);
    List<Trace> found = new ArrayList<>();
    if (messages.isPresent()) {
      found.add(conversation(messages.get()));
    }
    if (bothOrNeither("prompt", prompt, "response", response)) {
      found.add(new Trace.Texts(prompt.orElseThrow(), response.orElseThrow()));
    }
    if (bothOrNeither("promptTokens", promptTokens, "responseTokens", responseTokens)) {
      found.add(new Trace.Tokens(promptTokens.orElseThrow(), responseTokens.orElseThrow()));
    }
    if (found.size() != 1) {
      throw line.malformed(
          found.isEmpty()
              ? "it has no trace; give " + EXPECTED
              : "it has several traces; give one of " + EXPECTED);
    }
    return found.getFirst();
  }

  private void readKey(String key, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    switch (key) {
      case "messages" -> messages = Optional.of(MessageList.read(line, json, value));
      case "prompt" -> prompt = Optional.of(line.text(key, json, value));
      case "response" -> response = Optional.of(line.text(key, json, value));
      case "promptTokens" -> promptTokens = Optional.of(tokens(key, json, value));
      case "responseTokens" -> responseTokens = Optional.of(tokens(key, json, value));
      default -> json.skipChildren();
    }
  }

  private int[] tokens(String key, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    return TokenList.read(line, key, json, value, vocabularySize);
  }

  private Trace conversation(List<ChatMessage> all) throws MalformedLine {
    ChatMessage last = all.getLast();
    if (!last.role().equals("assistant")) {
      throw line.malformed(
          "the last of its messages is the %s's; a trace ends with what the assistant answers"
              .formatted(last.role()));
    }
    if (all.size() == 1) {
      throw line.malformed("it has an answer alone; put the messages before it that it answers");
    }
    return new Trace.Conversation(all.subList(0, all.size() - 1), last.content());
  }

  private boolean bothOrNeither(String one, Optional<?> first, String other, Optional<?> second)
      throws MalformedLine {
    if (first.isPresent() != second.isPresent()) {
      throw line.malformed(
          first.isPresent()
              ? "it has %s and no %s".formatted(one, other)
              : "it has %s and no %s".formatted(other, one));
    }
    return first.isPresent();
  }
}
