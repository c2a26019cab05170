package dev.drpo.policy.safetensors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes tensors in another element type than they have: to nearest, ties to even. */
public final class Rounding {
  private static final int PIECE_ELEMENTS = 1 << 20;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Rounding() {}

  /** Writes all elements of a tensor's data. */
  public static void write(
      MemorySegment data, ElementType from, ElementType to, SafetensorsWriter.Sink sink)
      throws IOException {
    long elements = data.byteSize() / from.bytes();
    ByteBuffer piece =
        ByteBuffer.allocate((int) Math.min(elements, PIECE_ELEMENTS) * to.bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long at = 0; at < elements; ) {
      piece.clear();
      while (piece.hasRemaining() && at < elements) {
        put(piece, to, element(data, from, at++));
      }
      sink.write(piece.flip());
    }
  }

  private static float element(MemorySegment data, ElementType type, long index) {
    return switch (type) {
      case F32 -> data.get(FLOAT, index * Float.BYTES);
      case F16 -> Float.float16ToFloat(data.get(SHORT, index * Short.BYTES));
      case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * Short.BYTES) << 16);
    };
  }

  private static void put(ByteBuffer piece, ElementType type, float value) {
    switch (type) {
      case F32 -> piece.putFloat(value);
      case F16 -> piece.putShort(Float.floatToFloat16(value));
      case BF16 -> piece.putShort(bfloat16(value));
    }
  }

  /** The upper half of the bits, after what is cut off has been rounded into it. */
  public static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    int even = (bits >>> 16) & 1;
    return (short) ((bits + 0x7fff + even) >>> 16);
  }
}
