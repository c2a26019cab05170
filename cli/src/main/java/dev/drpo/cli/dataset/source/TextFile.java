package dev.drpo.cli.dataset.source;

import dev.drpo.problems.DataException;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A source that is text. */
final class TextFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * The whole text, without a byte order mark.
   *
   * @throws DataException if it is not UTF-8
   */
  static String read(Path file) throws IOException {
    try {
      String text = StrictJson.text(ByteBuffer.wrap(Files.readAllBytes(file)));
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (JsonDefect notUtf8) {
      throw new DataException(file + " is not UTF-8 text; convert the file");
    }
  }
}
