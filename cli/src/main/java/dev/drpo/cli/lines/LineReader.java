package dev.drpo.cli.lines;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Cuts a stream into lines that end with LF, CRLF or the stream. Holds one line at most, and never
 * more of it than the size limit.
 */
public final class LineReader {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final Pause pause;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private int position;
  private int filled;
  private long number;

  /** What is done before the reader waits for input that isn't there yet. */
  @FunctionalInterface
  public interface Pause {
    void beforeWaiting() throws IOException;
  }

  /** Reads from a stream, which stays the caller's to close. */
  public LineReader(InputStream in, Pause pause) {
    this.in = in;
    this.pause = pause;
  }

  /** The next line, or empty at the end of the stream. */
  public Optional<InputLine> next() throws IOException {
    line.reset();
    boolean begun = false;
    boolean tooLong = false;
    while (true) {
      if (position == filled && !fill()) {
        return begun ? Optional.of(finished(tooLong)) : Optional.empty();
      }
      begun = true;
      int end = endOfLine();
      tooLong |= line.size() + end - position > InputLine.MAX_BYTES;
      if (!tooLong) {
        line.write(buffer, position, end - position);
      }
      boolean complete = end < filled;
      position = complete ? end + 1 : end;
      if (complete) {
        return Optional.of(finished(tooLong));
      }
    }
  }

  private boolean fill() throws IOException {
    if (in.available() == 0) {
      pause.beforeWaiting();
    }
    position = 0;
    filled = Math.max(0, in.read(buffer));
    return filled > 0;
  }

  private int endOfLine() {
    int end = position;
    while (end < filled && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private InputLine finished(boolean tooLong) {
    number++;
    if (tooLong) {
      return new InputLine.TooLong(number);
    }
    ByteBuffer text = ByteBuffer.wrap(line.toByteArray());
    if (text.hasRemaining() && text.get(text.limit() - 1) == '\r') {
      text.limit(text.limit() - 1);
    }
    if (number == 1 && startsWithByteOrderMark(text)) {
      text.position(BYTE_ORDER_MARK.length);
    }
    return new InputLine.Text(number, text);
  }

  private static boolean startsWithByteOrderMark(ByteBuffer text) {
    return text.remaining() >= BYTE_ORDER_MARK.length
        && text.slice(0, BYTE_ORDER_MARK.length).equals(ByteBuffer.wrap(BYTE_ORDER_MARK));
  }
}
