package dev.drpo.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one process has appended to a log file.
 *
 * @param from bytes of the file that earlier processes wrote
 */
public record Output(Path log, long from) {
  private static final int LIMIT_BYTES = 64 * 1024;
  private static final int LINES = 12;

  /** Frames of a stack trace: the messages around them tell a person more. */
  private static final Pattern FRAME = Pattern.compile("^\\s+at .*|^\\s*\\.\\.\\. \\d+ more$");

  /** A line of the services' log format at the level of an error. */
  private static final Pattern ERROR = Pattern.compile("^\\S+ ERROR ");

  /** The output that begins at the present end of a file. */
  static Output startingAt(Path log) {
    try {
      return new Output(log, Files.exists(log) ? Files.size(log) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last 64 KiB at most. */
  public String text() {
    try (SeekableByteChannel file = Files.newByteChannel(log)) {
      long start = Math.max(from, file.size() - LIMIT_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, file.size() - start));
      file.position(start);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the log " + log + " can't be read", e);
    }
  }

  /**
   * What explains the end of a process: its errors where it logged any, since the shutdown that
   * follows an error has a lot to say, else its last lines. Neither blank lines nor stack frames.
   */
  public List<String> explanation() {
    List<String> lines =
        text()
            .lines()
            .filter(line -> !line.isBlank() && !FRAME.matcher(line).matches())
            .collect(Collectors.toList());
    List<String> errors = lines.stream().filter(line -> ERROR.matcher(line).find()).toList();
    return errors.isEmpty()
        ? lines.subList(Math.max(0, lines.size() - LINES), lines.size())
        : errors.subList(0, Math.min(LINES, errors.size()));
  }
}
