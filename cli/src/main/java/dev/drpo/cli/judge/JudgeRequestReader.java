package dev.drpo.cli.judge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.drpo.cli.judge.JudgeRequest.BareAnswer;
import dev.drpo.cli.judge.JudgeRequest.Response;
import dev.drpo.cli.judge.JudgeRequest.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads one line. Keys that it doesn't know are skipped, since lines of data sets carry more than
 * is judged. Numbers keep their digits as written, for {@code 1.50} is more precise than {@code
 * 1.5}.
 */
final class JudgeRequestReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Lines are limited as a whole, and numbers are never computed with here.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(JudgeStream.MAX_LINE_BYTES)
                  .maxStringLength(JudgeStream.MAX_LINE_BYTES)
                  .maxNameLength(JudgeStream.MAX_LINE_BYTES)
                  .build())
          .build();

  /** What the reader adds about a source that has no name. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at .*?\\]\\)");

  private Optional<RequestId> id = Optional.empty();
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
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw malformed("it is not UTF-8 text; convert the input");
    }
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("it must be a JSON object with gold and response");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        readField(json);
      }
      if (json.nextToken() != null) {
        throw malformed("something follows the JSON object; write one object per line");
      }
    } catch (JsonProcessingException e) {
      throw malformed(
          "it is not JSON: %s (column %d)"
              .formatted(
                  SOURCE.matcher(e.getOriginalMessage()).replaceAll(""),
                  e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory can't fail", e);
    }
    return new JudgeRequest(
        id,
        exactlyOne("gold", gold, "golds", golds),
        exactlyOne("response", response, "answer", answer));
  }

  private void readField(JsonParser json) throws IOException, MalformedLine {
    String key = json.currentName();
    JsonToken value = json.nextToken();
    switch (key) {
      case "id" -> id = identifier(json, value);
      case "gold" -> gold = Optional.of(List.of(stringOrNumber(key, json, value)));
      case "golds" -> golds = Optional.of(list(json, value));
      case "response" -> {
        if (value != JsonToken.VALUE_STRING) {
          throw malformed("response must be a string");
        }
        response = Optional.of(new Response(json.getText()));
      }
      case "answer" -> answer = Optional.of(new BareAnswer(stringOrNumber(key, json, value)));
      default -> json.skipChildren();
    }
  }

  private Optional<RequestId> identifier(JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    if (value == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    String text = stringOrNumber("id", json, value);
    return Optional.of(
        value == JsonToken.VALUE_STRING ? new RequestId.Name(text) : new RequestId.Numeral(text));
  }

  private List<String> list(JsonParser json, JsonToken value) throws IOException, MalformedLine {
    if (value != JsonToken.START_ARRAY) {
      throw malformed("golds must be a list of strings or numbers; a single one is called gold");
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
      default -> throw malformed(what + " must be a string or a number");
    };
  }

  private <T> T exactlyOne(String key, Optional<T> one, String otherKey, Optional<T> other)
      throws MalformedLine {
    if (one.isPresent() && other.isPresent()) {
      throw malformed("it has both %s and %s; give one of them".formatted(key, otherKey));
    }
    return one.or(() -> other)
        .orElseThrow(() -> malformed("it has no %s (or %s)".formatted(key, otherKey)));
  }

  private MalformedLine malformed(String message) {
    return new MalformedLine(id, message);
  }
}
