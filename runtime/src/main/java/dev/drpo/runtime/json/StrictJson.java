package dev.drpo.runtime.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.runtime.json.JsonDefect.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads texts that are one JSON object each: to the letter of the grammar, no object with a key
 * twice, nothing behind the end.
 */
public final class StrictJson {
  private final ObjectMapper mapper;

  /**
   * Takes an object apart.
   *
   * @param <X> what it throws about a value that it refuses
   */
  @FunctionalInterface
  public interface Keys<X extends Exception> {
    /**
     * Reads one value, or skips it.
     *
     * @param json stands on the value's first token, and has to be left on its last
     * @param value that first token
     */
    void read(String key, JsonParser json, JsonToken value) throws IOException, X;
  }

  /** Reads objects with numbers of up to a thousand digits. */
  public StrictJson() {
    this(StreamReadConstraints.defaults());
  }

  /** Reads objects within limits. */
  public StrictJson(StreamReadConstraints limits) {
    mapper =
        new ObjectMapper(
            JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(limits)
                .build());
  }

  /**
   * The text that bytes encode.
   *
   * @throws JsonDefect if they are not UTF-8
   */
  public static String text(ByteBuffer utf8) throws JsonDefect {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new JsonDefect(Kind.NOT_UTF8, "the bytes are not UTF-8");
    }
  }

  /**
   * Reads a whole object.
   *
   * @throws JsonDefect if the text is not one
   */
  public ObjectNode object(String text) throws JsonDefect {
    ObjectNode object = mapper.createObjectNode();
    this.<JsonDefect>read(text, (key, json, _) -> object.set(key, mapper.readTree(json)));
    return object;
  }

  /**
   * Reads an object key by key, so that numbers keep their digits and long lists need no tree.
   *
   * @throws JsonDefect if the text is not one; the keys before the defect have been read by then
   */
  public <X extends Exception> void read(String text, Keys<X> keys) throws JsonDefect, X {
    try (JsonParser json = mapper.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonDefect(Kind.NOT_AN_OBJECT, "there is no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        keys.read(key, json, json.nextToken());
      }
      if (json.nextToken() != null) {
        throw new JsonDefect(Kind.TRAILING_TEXT, "something follows the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new JsonDefect(e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory can't fail", e);
    }
  }
}
