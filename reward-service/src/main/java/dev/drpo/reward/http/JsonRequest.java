package dev.drpo.reward.http;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.drpo.reward.call.RefusedException;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;

/**
 * Reads a request's JSON. Protobuf's own reader forgives what is not JSON (missing quotes, text
 * after the end), so that a mistake could change the meaning; a strict reader looks first.
 */
final class JsonRequest {
  private static final StrictJson STRICT = new StrictJson();

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private JsonRequest() {}

  /**
   * Reads a message of the type of {@code empty}.
   *
   * @throws RefusedException if the body is not one JSON object with the message's fields
   */
  static <T extends Message> T parse(byte[] body, T empty) {
    String text = text(body);
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
      String text = StrictJson.text(ByteBuffer.wrap(body));
      // Editors of some systems begin every file with it.
      String plain = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
      STRICT.read(plain, (_, json, _) -> json.skipChildren());
      return plain;
    } catch (JsonDefect e) {
      throw RefusedException.invalid(e.ofBody());
    }
  }
}
