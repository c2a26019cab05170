package dev.drpo.policy.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files written byte by byte, so that they can be wrong. */
final class RawSafetensors {
  private RawSafetensors() {}

  /** Writes a header length, a header and as many data bytes, 0, 1, 2 and so on. */
  static Path write(Path file, long headerBytes, byte[] header, int dataBytes) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(headerBytes)
            .put(header);
    for (int i = 0; i < dataBytes; i++) {
      bytes.put((byte) i);
    }
    Files.write(file, bytes.array());
    return file;
  }

  static Path write(Path file, String header, int dataBytes) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    return write(file, bytes.length, bytes, dataBytes);
  }

  /** A header entry. */
  static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }
}
