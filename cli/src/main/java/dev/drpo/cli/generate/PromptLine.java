package dev.drpo.cli.generate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.JsonLine;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.cli.lines.MessageList;
import dev.drpo.cli.lines.TokenList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a line with a prompt. Keys that it doesn't know are skipped, since lines of data sets carry
 * more than the prompt.
 */
final class PromptLine {
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
      case "prompt" -> prompts.add(new Prompt.Text(line.text(key, json, value)));
      case "messages" -> prompts.add(new Prompt.Conversation(MessageList.read(line, json, value)));
      case "tokens" ->
          prompts.add(new Prompt.Tokens(TokenList.read(line, key, json, value, vocabularySize)));
      default -> json.skipChildren();
    }
  }
}
