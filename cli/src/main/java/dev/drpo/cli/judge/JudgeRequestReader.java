package dev.drpo.cli.judge;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drpo.cli.judge.JudgeRequest.BareAnswer;
import dev.drpo.cli.judge.JudgeRequest.Response;
import dev.drpo.cli.judge.JudgeRequest.Subject;
import dev.drpo.cli.lines.JsonLine;
import dev.drpo.cli.lines.MalformedLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one line. Keys that it doesn't know are skipped, since lines of data sets carry more than
 * is judged.
 */
final class JudgeRequestReader {
  private final JsonLine line = new JsonLine();
  private Optional<List<String>> gold = Optional.empty();
  private Optional<List<String>> golds = Optional.empty();
  private Optional<Subject> response = Optional.empty();
  private Optional<Subject> answer = Optional.empty();

  private JudgeRequestReader() {}

  /** Reads a request from the JSON text of a line. */
  static JudgeRequest read(ByteBuffer utf8) throws MalformedLine {
    return new JudgeRequestReader().request(utf8);
  }

  private JudgeRequest request(ByteBuffer utf8) throws MalformedLine {
    line.read(utf8, "gold and response", this::readKey);
    return new JudgeRequest(
        line.id(),
        exactlyOne("gold", gold, "golds", golds),
        exactlyOne("response", response, "answer", answer));
  }

  private void readKey(String key, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    switch (key) {
      case "gold" -> gold = Optional.of(List.of(stringOrNumber(key, json, value)));
      case "golds" -> golds = Optional.of(list(json, value));
      case "response" -> {
        if (value != JsonToken.VALUE_STRING) {
          throw line.malformed("response must be a string");
        }
        response = Optional.of(new Response(json.getText()));
      }
      case "answer" -> answer = Optional.of(new BareAnswer(stringOrNumber(key, json, value)));
      default -> json.skipChildren();
    }
  }

  private List<String> list(JsonParser json, JsonToken value) throws IOException, MalformedLine {
    if (value != JsonToken.START_ARRAY) {
      throw line.malformed(
          "golds must be a list of strings or numbers; a single one is called gold");
    }
    List<String> texts = new ArrayList<>();
    for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
      texts.add(stringOrNumber("each of golds", json, item));
    }
    return texts;
  }

  private String stringOrNumber(String what, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    return switch (value) {
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getText();
      default -> throw line.malformed(what + " must be a string or a number");
    };
  }

  private <T> T exactlyOne(String key, Optional<T> one, String otherKey, Optional<T> other)
      throws MalformedLine {
    if (one.isPresent() && other.isPresent()) {
      throw line.malformed("it has both %s and %s; give one of them".formatted(key, otherKey));
    }
    return one.or(() -> other)
        .orElseThrow(() -> line.malformed("it has no %s (or %s)".formatted(key, otherKey)));
  }
}
