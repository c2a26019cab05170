package dev.drpo.policy.patch;

/** Rising numbers as the gaps between them; see the package for the bytes. */
final class GapWriter {
  /**
   * A byte that passes over so many numbers and leaves the rest of the gap to the next byte. Where
   * the numbers are spread evenly, the rest is distributed like a gap of its own, so that the
   * entropy coder does as well on it.
   */
  static final int SKIP = 254;

  /** The byte before a varint, which says by how much a gap exceeds {@link #LONG_GAP}. */
  static final int LONG = 255;

  /** A shorter gap takes less than four bytes of skips. */
  static final int LONG_GAP = 4 * SKIP;

  /** Gaps are shorter, which bounds their bytes. */
  static final int MAX_GAP = 1 << 20;

  /** Most bytes of a gap: three skips and the rest, or a mark and twenty bits as a varint. */
  static final int MAX_BYTES = 4;

  private final byte[] bytes;
  private int size;
  private long last;

  /** Has room for so many numbers. */
  GapWriter(int most) {
    bytes = new byte[most * MAX_BYTES];
  }

  /** Begins a new list, whose first gap counts from {@code first}. */
  void start(long first) {
    size = 0;
    last = first - 1;
  }

  void add(long number) {
    int rest = (int) (number - last - 1);
    last = number;
    if (rest >= LONG_GAP) {
      bytes[size++] = (byte) LONG;
      size = Varint.write(bytes, size, rest - LONG_GAP);
      return;
    }
    for (; rest >= SKIP; rest -= SKIP) {
      bytes[size++] = (byte) SKIP;
    }
    bytes[size++] = (byte) rest;
  }

  /** The bytes; only the first {@link #size} mean anything. */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** The last number that was added. */
  long last() {
    return last;
  }
}
