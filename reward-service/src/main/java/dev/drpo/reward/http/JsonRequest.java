package dev.drpo.reward.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.drpo.reward.call.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a request's JSON. Protobuf's own reader forgives what is not JSON (missing quotes, text
 * after the end), so that a mistake could change the meaning; a strict reader looks first.
 */
final class JsonRequest {
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** What the reader adds about a source that has no name. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at .*?\\]\\)");

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private JsonRequest() {}

  /**
   * Reads a message of the type of {@code empty}.
   *
   * @throws RefusedException if the body is not one JSON object with the message's fields
   */
  static <T extends Message> T parse(byte[] body, T empty) {
    String text = text(body);
    requireOneObject(text);
    Message.Builder message = empty.newBuilderForType();
    try {
      JsonFormat.parser().merge(text, message);
    } catch (InvalidProtocolBufferException e) {
      Descriptor type = empty.getDescriptorForType();
      throw RefusedException.invalid(
          "the JSON is no %s: %s; its fields are %s"
              .formatted(
                  type.getName(),
                  e.getMessage(),
                  type.getFields().stream()
                      .map(FieldDescriptor::getJsonName)
                      .collect(Collectors.joining(", "))));
    }
    @SuppressWarnings("unchecked")
    T read = (T) message.build();
    return read;
  }

  private static String text(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      // Editors of some systems begin every file with it.
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw RefusedException.invalid("the body is not UTF-8; send JSON in UTF-8");
    }
  }

  private static void requireOneObject(String text) {
    try (JsonParser tokens = STRICT.createParser(text)) {
      if (tokens.nextToken() != JsonToken.START_OBJECT) {
        throw RefusedException.invalid("the body holds no JSON object; send one, in braces");
      }
      tokens.skipChildren();
      if (tokens.nextToken() != null) {
        throw RefusedException.invalid("the body goes on after its JSON object; send one alone");
      }
    } catch (JsonProcessingException e) {
      throw RefusedException.invalid(
          "the body is not valid JSON: %s (line %d, column %d)"
              .formatted(
                  SOURCE.matcher(e.getOriginalMessage()).replaceAll(""),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can be read", e);
    }
  }
}
