package dev.drpo.reports;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code metrics.jsonl}: one {@link StepMetrics} per line, in step order. A line is on disk before
 * {@link #append} returns. A crash can leave a torn last line, which counts as not written: readers
 * skip it and {@link #open} cuts it off.
 *
 * <p>Not thread-safe: the learner's step loop is the only writer.
 */
public final class MetricsLog implements Closeable {
  /** A whole line and where the next one starts. */
  private record Line(StepMetrics metrics, long end) {}

  private final FileChannel channel;

  private MetricsLog(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens the log for a run that continues with {@code nextStep}; creates it if need be. Lines of
   * that step and later are cut off: the checkpoint precedes them, and the run writes them again.
   *
   * @throws IOException if the file can't be written, or a line other than the last is damaged
   */
  public static MetricsLog open(Path file, long nextStep) throws IOException {
    long kept = 0;
    if (Files.exists(file)) {
      for (Line line : lines(file)) {
        if (line.metrics().step() >= nextStep) {
          break;
        }
        kept = line.end();
      }
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.truncate(kept);
      channel.position(kept);
      return new MetricsLog(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads the whole lines of a log, in order. A file that does not exist holds none.
   *
   * @throws IOException if a line other than the last is damaged
   */
  public static List<StepMetrics> read(Path file) throws IOException {
    return Files.exists(file) ? lines(file).stream().map(Line::metrics).toList() : List.of();
  }

  /** Appends one line and forces it to disk. */
  public void append(StepMetrics metrics) throws IOException {
    ByteBuffer line =
        StandardCharsets.UTF_8.encode(ReportJson.MAPPER.writeValueAsString(metrics) + "\n");
    while (line.hasRemaining()) {
      channel.write(line);
    }
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static List<Line> lines(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<Line> lines = new ArrayList<>();
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] != '\n') {
        continue;
      }
      int number = lines.size() + 1;
      long next = end + 1L;
      metrics(file, number, bytes, start, end)
          .ifPresent(metrics -> lines.add(new Line(metrics, next)));
      start = end + 1;
    }
    return lines;
  }

  /** The metrics of a line; none if it is the last and broken. */
  private static Optional<StepMetrics> metrics(
      Path file, int number, byte[] bytes, int start, int end) throws IOException {
    try {
      return Optional.of(ReportJson.MAPPER.readValue(bytes, start, end - start, StepMetrics.class));
    } catch (JsonProcessingException e) {
      // After a power cut, the file can have its new size and not yet its new content.
      if (end == bytes.length - 1) {
        return Optional.empty();
      }
      throw new IOException(
          file
              + ", line "
              + number
              + ": not one step's metrics ("
              + e.getOriginalMessage()
              + "); move the file away or delete that line",
          e);
    }
  }
}
