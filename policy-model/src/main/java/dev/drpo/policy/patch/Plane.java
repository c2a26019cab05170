package dev.drpo.policy.patch;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A run of bytes of one distribution, in the shortest of three forms. */
final class Plane {
  private static final int CONSTANT = 0;
  private static final int PLAIN = 1;
  private static final int ZSTANDARD = 2;

  private Plane() {}

  /** Packs planes. One thread uses it. */
  static final class Packer implements AutoCloseable {
    private final ZstdCompressCtx zstandard = new ZstdCompressCtx();
    private byte[] packed = new byte[0];

    Packer() {
      // Gaps and steps hardly repeat, so that only their frequencies can be used. A search that
      // finds next to nothing leaves more to the entropy coder: 3% smaller than the level's own
      // settings, and faster; higher levels are no smaller.
      zstandard.setLevel(1);
      zstandard.setMinMatch(7);
      zstandard.setHashLog(6);
    }

    /** Appends the first {@code length} bytes, of which there is one or more. */
    void write(byte[] bytes, int length, ByteArrayOutputStream out) {
      if (isConstant(bytes, length)) {
        out.write(CONSTANT);
        out.write(bytes[0]);
        return;
      }
      int bound = (int) Zstd.compressBound(length);
      if (packed.length < bound) {
        packed = new byte[bound];
      }
      int size = zstandard.compressByteArray(packed, 0, packed.length, bytes, 0, length);
      if (size < length) {
        write(ZSTANDARD, packed, size, out);
      } else {
        write(PLAIN, bytes, length, out);
      }
    }

    private static void write(int form, byte[] bytes, int length, ByteArrayOutputStream out) {
      out.write(form);
      Varint.write(out, length);
      out.write(bytes, 0, length);
    }

    private static boolean isConstant(byte[] bytes, int length) {
      return Arrays.mismatch(bytes, 0, length - 1, bytes, 1, length) < 0;
    }

    @Override
    public void close() {
      zstandard.close();
    }
  }

  /**
   * Unpacks a plane.
   *
   * @param into takes exactly {@code length} bytes
   * @throws dev.drpo.policy.PolicyFormatException if there is no plane of that length
   */
  static void read(ByteCursor in, byte[] into, int length) {
    int form = in.nextByte();
    switch (form) {
      case CONSTANT -> Arrays.fill(into, 0, length, (byte) in.nextByte());
      case PLAIN -> {
        requireSize(in.nextSize("plain bytes", length), length);
        System.arraycopy(in.source(), in.skip(length), into, 0, length);
      }
      case ZSTANDARD -> {
        int size = in.nextSize("packed bytes", length);
        unpack(in.source(), in.skip(size), size, into, length);
      }
      default -> throw ByteCursor.malformed("it has a plane of the unknown form " + form);
    }
  }

  private static void unpack(byte[] source, int from, int size, byte[] into, int length) {
    long unpacked;
    try {
      unpacked = Zstd.decompressByteArray(into, 0, length, source, from, size);
    } catch (ZstdException e) {
      throw ByteCursor.malformed("a plane can't be unpacked (" + e.getMessage() + ")");
    }
    requireSize(unpacked, length);
  }

  private static void requireSize(long found, int expected) {
    if (found != expected) {
      throw ByteCursor.malformed(
          "a plane has %d bytes where %d are expected".formatted(found, expected));
    }
  }
}
