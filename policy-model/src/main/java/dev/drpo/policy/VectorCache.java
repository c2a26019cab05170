package dev.drpo.policy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values of one layer, of prompts or of responses, as {@link VectorAttention} reads them.
 * Sequences lie one behind the other, and within a sequence its key/value heads.
 *
 * @param keys {@code [sequences, heads, blocks, head size, lanes]}
 * @param values {@code [sequences, heads, panels, capacity, panel]}
 * @param capacity most positions of a sequence, a multiple of the lanes
 */
record VectorCache(
    MemorySegment keys, MemorySegment values, int heads, int headSize, int capacity) {
  private static final int LANES = VectorAttention.LANES;
  private static final int PANEL = VectorAttention.PANEL;

  /** Bytes of the keys, or of the values. */
  static long bytes(long sequences, int heads, int headSize, int capacity) {
    return sequences * heads * headSize * capacity * Float.BYTES;
  }

  VectorAttention.Span span(int sequence, int head, int length) {
    long at = at(sequence, head);
    return new VectorAttention.Span(
        keys, at, values, at, (long) capacity * PANEL * Float.BYTES, length);
  }

  /** Puts the key of a position, which is {@code headSize} elements from one on. */
  void putKey(int sequence, int head, int position, float[] key, int from) {
    long at =
        at(sequence, head)
            + ((long) position / LANES * headSize * LANES + position % LANES) * Float.BYTES;
    for (int i = 0; i < headSize; i++) {
      keys.set(ValueLayout.JAVA_FLOAT, at + (long) i * LANES * Float.BYTES, key[from + i]);
    }
  }

  /** Puts the value of a position, which is {@code headSize} elements from a byte on. */
  void putValue(int sequence, int head, int position, MemorySegment source, long from) {
    long at = at(sequence, head) + (long) position * PANEL * Float.BYTES;
    for (int panel = 0; panel < headSize / PANEL; panel++) {
      MemorySegment.copy(
          source,
          from + (long) panel * PANEL * Float.BYTES,
          values,
          at + (long) panel * capacity * PANEL * Float.BYTES,
          (long) PANEL * Float.BYTES);
    }
  }

  /** Copies the first positions of a sequence over another. */
  void move(int source, int target, int length) {
    long keyBytes = (long) VectorAttention.blocks(length) * LANES * headSize * Float.BYTES;
    long valueBytes = (long) length * PANEL * Float.BYTES;
    long panelBytes = (long) capacity * PANEL * Float.BYTES;
    for (int head = 0; head < heads; head++) {
      long from = at(source, head);
      long to = at(target, head);
      MemorySegment.copy(keys, from, keys, to, keyBytes);
      for (int panel = 0; panel < headSize / PANEL; panel++) {
        long skip = panel * panelBytes;
        MemorySegment.copy(values, from + skip, values, to + skip, valueBytes);
      }
    }
  }

  private long at(int sequence, int head) {
    return ((long) sequence * heads + head) * capacity * headSize * Float.BYTES;
  }
}
