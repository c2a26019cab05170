package dev.drpo.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An output in memory, and what else tests of streams of lines need. */
public final class Output {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Where the tested writes. */
  public LineOutput lines() {
    return new LineOutput(bytes);
  }

  public String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The objects of the lines. */
  public List<JsonNode> objects() throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : text().lines().toList()) {
      objects.add(JSON.readTree(line));
    }
    return objects;
  }

  /** An input of lines; single quotes stand for double ones. */
  public static InputStream input(String... lines) {
    String text = String.join("\n", lines).replace('\'', '"') + "\n";
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** An output whose reader goes away after some bytes. */
  public static LineOutput closingAfter(int bytes) {
    return new LineOutput(
        new OutputStream() {
          private int left = bytes;

          @Override
          public void write(int one) throws IOException {
            if (left-- <= 0) {
              throw new IOException("Broken pipe");
            }
          }
        });
  }
}
