package dev.drpo.reward.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Writes an answer's JSON. Protobuf's own writer spells {@code =}, {@code <} and quotes as escapes,
 * for the sake of HTML; people read these answers, which are full of them.
 */
final class JsonAnswer {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
  private static final JsonFactory PLAIN = new JsonFactory();

  private JsonAnswer() {}

  static String of(Message answer) {
    StringWriter plain = new StringWriter();
    try (JsonParser escaped = PLAIN.createParser(PRINTER.print(answer));
        JsonGenerator out = PLAIN.createGenerator(plain)) {
      escaped.nextToken();
      out.copyCurrentStructure(escaped);
    } catch (IOException e) {
      throw new UncheckedIOException("a message in memory can be written", e);
    }
    return plain.toString();
  }
}
