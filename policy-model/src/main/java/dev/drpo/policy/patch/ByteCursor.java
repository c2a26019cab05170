package dev.drpo.policy.patch;

import dev.drpo.policy.PolicyFormatException;

/** Reads bytes that may be anything: whatever would lie behind their end is refused. */
final class ByteCursor {
  private static final int MORE = 0x80;
  private static final int BITS = 7;

  /** Nine groups of seven bits never reach the sign. */
  private static final int MAX_BITS = 9 * BITS;

  private final byte[] bytes;
  private final int end;
  private int at;

  ByteCursor(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
  }

  boolean atEnd() {
    return at == end;
  }

  int nextByte() {
    if (at == end) {
      throw malformed("it ends in the middle of a piece");
    }
    return bytes[at++] & 0xff;
  }

  long nextVarint() {
    long value = 0;
    for (int shift = 0; shift < MAX_BITS; shift += BITS) {
      int group = nextByte();
      value |= (long) (group & (MORE - 1)) << shift;
      if (group < MORE) {
        return value;
      }
    }
    throw malformed("a number in it has more than " + MAX_BITS + " bits");
  }

  /** A varint that must not exceed a limit. */
  int nextSize(String what, long most) {
    long size = nextVarint();
    if (size > most) {
      throw malformed("it says it has %d %s where %d are the most".formatted(size, what, most));
    }
    return (int) size;
  }

  /**
   * Unpacks a plane.
   *
   * @param room used if it is large enough
   * @param length of the plane when unpacked
   * @return begins with the plane
   */
  byte[] nextPlane(byte[] room, int length) {
    byte[] into = room.length < length ? new byte[length] : room;
    Plane.read(this, into, length);
    return into;
  }

  /** Passes bytes over; gives the index of the first. */
  int skip(int count) {
    if (count > end - at) {
      throw malformed("%d bytes are missing at its end".formatted(count - (end - at)));
    }
    int first = at;
    at += count;
    return first;
  }

  /** What it reads from. */
  byte[] source() {
    return bytes;
  }

  static PolicyFormatException malformed(String what) {
    return new PolicyFormatException(
        "a chunk of a weight patch is malformed: " + what + "; fetch the snapshot instead");
  }
}
