package dev.drpo.tracking.tensorboard;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * TensorFlow's framing of records in a file: the length as a little-endian 64-bit number, its
 * checksum, the data, and theirs. A checksum is a CRC-32C, rotated and moved, so that a CRC over
 * data that holds CRCs stays good.
 */
final class TfRecords {
  private static final int HEAD = Long.BYTES + Integer.BYTES;
  private static final int MASK = 0xa282ead8;

  /** More than any event of this project has; a larger length is that of a damaged file. */
  private static final long LONGEST = 1 << 24;

  private TfRecords() {}

  /**
   * A whole record of a file.
   *
   * @param start where its frame begins
   * @param end where the next one begins
   */
  record Entry(byte[] data, long start, long end) {}

  /** A record in its frame. */
  static ByteBuffer frame(byte[] data) {
    ByteBuffer frame =
        ByteBuffer.allocate(HEAD + data.length + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    frame.putLong(data.length);
    frame.putInt(checksum(frame.array(), Long.BYTES));
    frame.put(data).putInt(checksum(data, data.length));
    return frame.flip();
  }

  /**
   * Reads the whole records of a file up to its end, or to the first that is torn or damaged.
   *
   * @throws IOException if the file can't be read
   */
  static void read(Path file, Consumer<Entry> reader) throws IOException {
    try (InputStream stream = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16))) {
      long start = 0;
      while (true) {
        byte[] head = in.readNBytes(HEAD);
        if (head.length < HEAD) {
          return;
        }
        ByteBuffer numbers = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        long length = numbers.getLong();
        if (numbers.getInt() != checksum(head, Long.BYTES) || length < 0 || length > LONGEST) {
          return;
        }
        byte[] data = in.readNBytes((int) length);
        byte[] tail = in.readNBytes(Integer.BYTES);
        if (tail.length < Integer.BYTES
            || ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt()
                != checksum(data, data.length)) {
          return;
        }
        long end = start + HEAD + length + Integer.BYTES;
        reader.accept(new Entry(data, start, end));
        start = end;
      }
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
