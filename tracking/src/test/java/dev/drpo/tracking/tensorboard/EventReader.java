package dev.drpo.tracking.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;

/**
 * Reads event files with TensorFlow's own messages. Of the frames it knows what TensorFlow's format
 * description says; a file must be whole.
 */
final class EventReader {
  private EventReader() {}

  /** All events of a folder, file by file, as TensorBoard goes through them. */
  static List<Event> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().flatMap(file -> events(file).stream()).toList();
    }
  }

  static List<Event> events(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      List<Event> events = new ArrayList<>();
      while (bytes.hasRemaining()) {
        byte[] head = new byte[8];
        bytes.get(bytes.position(), head);
        byte[] data = new byte[Math.toIntExact(bytes.getLong())];
        assertThat(bytes.getInt()).isEqualTo(masked(head));
        bytes.get(data);
        assertThat(bytes.getInt()).isEqualTo(masked(data));
        events.add(Event.parseFrom(data));
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    long value = crc.getValue();
    return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
  }
}
