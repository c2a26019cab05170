package dev.drpo.cli.lines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the one JSON object of a line, and its identifier by itself. Numbers keep their digits as
 * written, for {@code 1.50} may mean more than {@code 1.5}.
 */
public final class JsonLine {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Lines are limited as a whole, and numbers are never computed with here.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(InputLine.MAX_BYTES)
                  .maxStringLength(InputLine.MAX_BYTES)
                  .maxNameLength(InputLine.MAX_BYTES)
                  .build())
          .build();

  /** What the parser adds about a source that has no name. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at .*?\\]\\)");

  private Optional<LineId> id = Optional.empty();

  /** Reads the values of keys other than the identifier. */
  @FunctionalInterface
  public interface Keys {
    /**
     * Reads one value, or skips it.
     *
     * @param json stands on the value's first token, and has to be left on its last
     * @param value that first token
     */
    void read(String key, JsonParser json, JsonToken value) throws IOException, MalformedLine;
  }

  /**
   * Reads a line.
   *
   * @param expected the keys that it should have, for a person
   * @throws MalformedLine if it is no JSON object, or the keys' reader says so
   */
  public void read(ByteBuffer utf8, String expected, Keys keys) throws MalformedLine {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw malformed("it is not UTF-8 text; convert the input");
    }
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("it must be a JSON object with " + expected);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        readKey(json, keys);
      }
      if (json.nextToken() != null) {
        throw malformed("something follows the JSON object; write one object per line");
      }
    } catch (JsonProcessingException e) {
      throw malformed(
          "it is not JSON: " + SOURCE.matcher(e.getOriginalMessage()).replaceAll("") + column(e));
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory can't fail", e);
    }
  }

  /** Where the defect is; nesting too deep has no place. */
  private static String column(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
  }

  private void readKey(JsonParser json, Keys keys) throws IOException, MalformedLine {
    String key = json.currentName();
    JsonToken value = json.nextToken();
    if (!key.equals("id")) {
      keys.read(key, json, value);
      return;
    }
    id =
        switch (value) {
          case VALUE_NULL -> Optional.empty();
          case VALUE_STRING -> Optional.of(new LineId.Name(json.getText()));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              Optional.of(new LineId.Numeral(json.getText()));
          default -> throw malformed("id must be a string or a number");
        };
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
