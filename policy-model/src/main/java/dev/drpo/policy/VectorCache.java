package dev.drpo.policy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values of one layer, of prompts or of responses, as {@link VectorAttention} reads them.
 * Sequences lie one behind the other, and within a sequence its key/value heads.
 *
 * @param keys {@code [sequences, heads, blocks, head size, BLOCK]}
 * @param values {@code [sequences, heads, panels, capacity, BLOCK]}
 * @param capacity most positions of a sequence, in whole blocks
 */
record VectorCache(
    MemorySegment keys, MemorySegment values, int heads, int headSize, int capacity) {
  private static final int BLOCK = VectorAttention.BLOCK;

  /** Bytes of the keys, or of the values. */
  static long bytes(long sequences, int heads, int headSize, int capacity) {
    return sequences * heads * headSize * capacity * Float.BYTES;
  }

  VectorAttention.Span span(int sequence, int head, int length) {
    long at = at(sequence, head);
    return new VectorAttention.Span(
        keys, at, values, at, (long) capacity * BLOCK * Float.BYTES, length);
  }

  /** Puts the key of a position, which is {@code headSize} elements from one on. */
  void putKey(int sequence, int head, int position, float[] key, int from) {
    long at =
        at(sequence, head)
            + ((long) position / BLOCK * headSize * BLOCK + position % BLOCK) * Float.BYTES;
    for (int i = 0; i < headSize; i++) {
      keys.set(ValueLayout.JAVA_FLOAT, at + (long) i * BLOCK * Float.BYTES, key[from + i]);
    }
  }

  /** Puts the value of a position, which is {@code headSize} elements from a byte on. */
  void putValue(int sequence, int head, int position, MemorySegment source, long from) {
    long at = at(sequence, head) + (long) position * BLOCK * Float.BYTES;
    for (int panel = 0; panel < headSize / BLOCK; panel++) {
      MemorySegment.copy(
          source,
          from + (long) panel * BLOCK * Float.BYTES,
          values,
          at + (long) panel * capacity * BLOCK * Float.BYTES,
          (long) BLOCK * Float.BYTES);
    }
  }

  /** Copies the first positions of a sequence over another. */
  void move(int source, int target, int length) {
    long keyBytes = (long) VectorAttention.blocks(length) * BLOCK * headSize * Float.BYTES;
    long valueBytes = (long) length * BLOCK * Float.BYTES;
    long panelBytes = (long) capacity * BLOCK * Float.BYTES;
    for (int head = 0; head < heads; head++) {
      long from = at(source, head);
      long to = at(target, head);
      MemorySegment.copy(keys, from, keys, to, keyBytes);
      for (int panel = 0; panel < headSize / BLOCK; panel++) {
        long skip = panel * panelBytes;
        MemorySegment.copy(values, from + skip, values, to + skip, valueBytes);
      }
    }
  }

  private long at(int sequence, int head) {
    return ((long) sequence * heads + head) * capacity * headSize * Float.BYTES;
  }
}
