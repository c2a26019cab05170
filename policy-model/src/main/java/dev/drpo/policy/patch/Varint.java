package dev.drpo.policy.patch;

import java.io.ByteArrayOutputStream;

/** Whole numbers from 0 on in as few bytes as they need: seven bits each, the lowest first. */
final class Varint {
  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private Varint() {}

  static void write(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest >= MORE) {
      out.write((int) rest | MORE);
      rest >>>= BITS;
    }
    out.write((int) rest);
  }

  /** Writes to an array that has room; gives the index behind. */
  static int write(byte[] out, int at, int value) {
    int next = at;
    int rest = value;
    while (rest >= MORE) {
      out[next++] = (byte) (rest | MORE);
      rest >>>= BITS;
    }
    out[next++] = (byte) rest;
    return next;
  }
}
