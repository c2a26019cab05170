package dev.drpo.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The numbers of a run's {@code metrics.jsonl}, read as the file grows. Whatever names its lines
 * have are columns, so that runs of other versions are read too; a line that is no object of a step
 * is passed over. Where the file was cut off, because the run went on from a checkpoint, it is read
 * anew. Safe for use by many threads.
 */
final class MetricsTable {
  static final String STEP = "step";

  /** At index k the groups with k right responses; the last index is that of all right. */
  private static final String SOLVE_RATES = "solveRates";

  private static final JsonFactory JSON = new JsonFactory();

  private final Path file;
  private Columns columns = new Columns();
  private long[] starts = new long[64];
  private long read;
  private byte[] lastLine = new byte[0];
  private int generation;

  MetricsTable(Path file) {
    this.file = file;
  }

  /** What a reader works with, as long as it holds the table's lock. */
  interface View<T> {
    /**
     * Reads.
     *
     * @param generation grows when rows that were there before are no more, or are others
     */
    T of(Columns columns, int generation);
  }

  /** Reads on in the file, and then in what is there. */
  synchronized <T> T read(View<T> view) throws IOException {
    refresh();
    return view.of(columns, generation);
  }

  /** The line of a step as it stands in the file; empty if there is none. */
  synchronized byte[] line(long step) throws IOException {
    refresh();
    for (int row = columns.rows() - 1; row >= 0; row--) {
      if ((long) columns.get(STEP, row) == step) {
        byte[] rest = bytes(starts[row], row + 1 < columns.rows() ? starts[row + 1] : read);
        int end = 0;
        while (end < rest.length && rest[end] != '\n') {
          end++;
        }
        return Arrays.copyOf(rest, end);
      }
    }
    return new byte[0];
  }

  private void refresh() throws IOException {
    long size = Files.exists(file) ? Files.size(file) : 0;
    if (size < read || (size > read && !Arrays.equals(lastLine, lineBefore(read)))) {
      columns = new Columns();
      read = 0;
      lastLine = new byte[0];
      generation++;
    }
    if (size > read) {
      add(bytes(read, size));
    }
  }

  /** What stands now where the last line that was read stood. */
  private byte[] lineBefore(long end) throws IOException {
    return bytes(end - lastLine.length, end);
  }

  private byte[] bytes(long from, long to) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(to - from));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
        // What is cut off meanwhile is found to be missing the next time.
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private void add(byte[] bytes) {
    long base = read;
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] != '\n') {
        continue;
      }
      add(bytes, start, end, base + start);
      lastLine = Arrays.copyOfRange(bytes, start, end + 1);
      start = end + 1;
    }
    read = base + start;
  }

  private void add(byte[] bytes, int start, int end, long place) {
    int row = columns.addRow();
    if (parse(bytes, start, end, row)) {
      double step = columns.get(STEP, row);
      if (row == starts.length) {
        starts = Arrays.copyOf(starts, 2 * row);
      }
      starts[row] = place;
      if (row > 0 && step <= columns.get(STEP, row - 1)) {
        repeat(bytes, start, end, place, step);
      }
    } else {
      columns.truncate(row);
    }
  }

  /** A step comes again: the rows from it on are of a life of the run that is forgotten. */
  private void repeat(byte[] bytes, int start, int end, long place, double step) {
    int from = columns.rows() - 1;
    while (from > 0 && columns.get(STEP, from - 1) >= step) {
      from--;
    }
    columns.truncate(from);
    generation++;
    parse(bytes, start, end, columns.addRow());
    starts[from] = place;
  }

  /** What the array of solve rates says of whole groups, as columns of its own. */
  private void groups(JsonParser json, int row) throws IOException {
    double first = Double.NaN;
    double last = Double.NaN;
    double sum = 0;
    for (JsonToken one = json.nextToken(); one != JsonToken.END_ARRAY; one = json.nextToken()) {
      if (one == null || !one.isNumeric()) {
        return;
      }
      last = json.getDoubleValue();
      first = Double.isNaN(first) ? last : first;
      sum += last;
    }
    columns.set("groupsAllWrong", row, first);
    columns.set("groupsAllRight", row, last);
    columns.set("groupsLearned", row, sum);
  }

  /** Whether the line was an object with the number of its step. */
  private boolean parse(byte[] bytes, int start, int end, int row) {
    try (JsonParser json = JSON.createParser(bytes, start, end - start)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (value.isNumeric()) {
          columns.set(name, row, json.getDoubleValue());
        } else if (name.equals(SOLVE_RATES) && value == JsonToken.START_ARRAY) {
          groups(json, row);
        } else {
          json.skipChildren();
        }
      }
      return !Double.isNaN(columns.get(STEP, row));
    } catch (IOException e) {
      return false;
    }
  }
}
