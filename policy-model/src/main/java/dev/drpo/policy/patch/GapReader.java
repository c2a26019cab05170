package dev.drpo.policy.patch;

/** Reads what a {@link GapWriter} wrote. */
final class GapReader {
  private final String what;
  private final ByteCursor in;
  private long last;

  /**
   * Begins a list.
   *
   * @param what the numbers are, for whom it may concern that they are malformed
   */
  GapReader(String what, byte[] bytes, int size, long first) {
    this.what = what;
    this.in = new ByteCursor(bytes, size);
    this.last = first - 1;
  }

  /**
   * The next number.
   *
   * @throws dev.drpo.policy.PolicyFormatException if it is not below the limit, or there is none
   */
  long next(long limit) {
    long gap = 0;
    int next = in.nextByte();
    for (; next == GapWriter.SKIP; next = in.nextByte()) {
      gap += GapWriter.SKIP;
    }
    gap +=
        next == GapWriter.LONG
            ? GapWriter.LONG_GAP + in.nextSize("unchanged elements", GapWriter.MAX_GAP)
            : next;
    last += 1 + gap;
    if (last >= limit) {
      throw ByteCursor.malformed("it has %s %d of %d".formatted(what, last, limit));
    }
    return last;
  }

  /** Makes sure that there are no more. */
  void requireEnd() {
    if (!in.atEnd()) {
      throw ByteCursor.malformed("it has more gaps than changes");
    }
  }
}
