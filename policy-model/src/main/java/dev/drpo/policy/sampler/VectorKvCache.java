package dev.drpo.policy.sampler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values of one layer, of prompts or of responses, as {@link VectorAttention} reads them:
 * in blocks of {@code BLOCK} positions, and within a block head by head. A block of a head's keys
 * is {@code [head size, BLOCK]}, so that a vector holds one component of several positions, and one
 * of its values {@code [panels, BLOCK, BLOCK]}, panels of components by position.
 *
 * <p>Sequences are cut into pages of a few blocks, {@code [pages, sequences, blocks of a page]}:
 * sequences of about one length that are read page by page are one stretch of memory. Wherever it
 * breaks off, the processor's prefetching begins anew, which takes the time of some thirty
 * kilobytes; so pages are small where sequences are short, and large where a long one may be alone.
 *
 * <p>Sequences that share pages as they grow have them anywhere, and are read one by one.
 *
 * @param keys {@code [blocks of all sequences, heads, head size, BLOCK]}
 * @param values {@code [blocks of all sequences, heads, panels, BLOCK, BLOCK]}
 * @param heads key/value heads
 * @param headSize components of a key, or a value
 * @param blocks most blocks of a sequence
 * @param pageBlocks blocks that are read of a sequence before those of the next one
 * @param places where blocks lie
 */
record VectorKvCache(
    MemorySegment keys,
    MemorySegment values,
    int heads,
    int headSize,
    int blocks,
    int pageBlocks,
    Places places) {
  private static final int BLOCK = VectorAttention.BLOCK;

  /** Which of all blocks a block of a sequence is. */
  interface Places {
    long of(int sequence, int block);
  }

  /**
   * Sequences by their number, {@code [pages, sequences, blocks of a page]}.
   *
   * @param sequences how many there is room for
   * @param pageBlocks blocks of a page; the last page has what remains
   */
  VectorKvCache(
      MemorySegment keys,
      MemorySegment values,
      int sequences,
      int heads,
      int headSize,
      int blocks,
      int pageBlocks) {
    this(
        keys,
        values,
        heads,
        headSize,
        blocks,
        pageBlocks,
        (sequence, block) -> {
          int page = block / pageBlocks;
          long before = (long) page * pageBlocks * sequences;
          int inPage = Math.min(pageBlocks, blocks - page * pageBlocks);
          return before + (long) sequence * inPage + block % pageBlocks;
        });
  }

  /** Bytes of the keys, or of the values. */
  static long bytes(long sequences, int heads, int headSize, int blocks) {
    return sequences * blocks * heads * headSize * BLOCK * Float.BYTES;
  }

  /** Bytes of one head's keys, or values, in a block. */
  long blockBytes() {
    return (long) headSize * BLOCK * Float.BYTES;
  }

  int pages() {
    return Math.ceilDiv(blocks, pageBlocks);
  }

  /** Byte at which a block begins, with its first head. */
  long at(int sequence, int block) {
    return places.of(sequence, block) * heads * blockBytes();
  }

  /** Puts the keys of a position, {@code [heads, head size]} from an element on. */
  void putKeys(int sequence, int position, float[] source, int from) {
    long at = at(sequence, position / BLOCK) + (long) position % BLOCK * Float.BYTES;
    for (int i = 0; i < heads * headSize; i++) {
      keys.set(ValueLayout.JAVA_FLOAT, at + (long) i * BLOCK * Float.BYTES, source[from + i]);
    }
  }

  /** Puts the values of a position, {@code [heads, head size]} from a byte on. */
  void putValues(int sequence, int position, MemorySegment source, long from) {
    long row = (long) BLOCK * Float.BYTES;
    long at = at(sequence, position / BLOCK) + position % BLOCK * row;
    for (int i = 0; i < heads * headSize / BLOCK; i++) {
      MemorySegment.copy(source, from + i * row, values, at + i * BLOCK * row, row);
    }
  }

  /** Copies the first positions of a sequence over another that has a place of its own. */
  void move(int source, int target, int length) {
    for (int block = 0; block < VectorAttention.blocks(length); block++) {
      long from = at(source, block);
      long to = at(target, block);
      MemorySegment.copy(keys, from, keys, to, heads * blockBytes());
      MemorySegment.copy(values, from, values, to, heads * blockBytes());
    }
  }
}
