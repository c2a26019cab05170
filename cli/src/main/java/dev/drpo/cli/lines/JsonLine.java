package dev.drpo.cli.lines;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the one JSON object of a line, and its identifier by itself. Numbers keep their digits as
 * written, for {@code 1.50} may mean more than {@code 1.5}.
 */
public final class JsonLine {
  private static final StrictJson JSON =
      new StrictJson(
          // Lines are limited as a whole, and numbers are never computed with here.
          StreamReadConstraints.builder()
              .maxNumberLength(InputLine.MAX_BYTES)
              .maxStringLength(InputLine.MAX_BYTES)
              .maxNameLength(InputLine.MAX_BYTES)
              .build());

  private Optional<LineId> id = Optional.empty();

  /**
   * Reads a line.
   *
   * @param expected the keys that it should have, for a person
   * @throws MalformedLine if it is no JSON object, or the keys' reader says so
   */
  public void read(ByteBuffer utf8, String expected, StrictJson.Keys<MalformedLine> keys)
      throws MalformedLine {
    try {
      JSON.<MalformedLine>read(
          StrictJson.text(utf8),
          (key, json, value) -> {
            if (key.equals("id")) {
              id = identifier(json, value);
            } else {
              keys.read(key, json, value);
            }
          });
    } catch (JsonDefect defect) {
      throw malformed(
          switch (defect.kind()) {
            case NOT_UTF8 -> "it is not UTF-8 text; convert the input";
            case NOT_JSON -> "it is not JSON: " + defect.getMessage() + column(defect);
            case NOT_AN_OBJECT -> "it must be a JSON object with " + expected;
            case TRAILING_TEXT -> "something follows the JSON object; write one object per line";
          });
    }
  }

  private static String column(JsonDefect defect) {
    return defect.place().map(place -> " (column " + place.column() + ")").orElse("");
  }

  private Optional<LineId> identifier(JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    return switch (value) {
      case VALUE_NULL -> Optional.empty();
      case VALUE_STRING -> Optional.of(new LineId.Name(json.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Optional.of(new LineId.Numeral(json.getText()));
      default -> throw malformed("id must be a string or a number");
    };
  }

  /**
   * The text that is a value.
   *
   * @param what names the value, for a person
   * @param value its first token, on which the parser stands
   * @throws MalformedLine if it is no string
   */
  public String text(String what, JsonParser json, JsonToken value)
      throws IOException, MalformedLine {
    if (value != JsonToken.VALUE_STRING) {
      throw malformed(what + " must be a string");
    }
    return json.getText();
  }

  /** The line's identifier, as far as it was read. */
  public Optional<LineId> id() {
    return id;
  }

  /** What to throw about this line. */
  public MalformedLine malformed(String message) {
    return new MalformedLine(id, message);
  }
}
