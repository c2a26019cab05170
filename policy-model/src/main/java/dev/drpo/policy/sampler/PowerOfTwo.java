package dev.drpo.policy.sampler;

/**
 * How powers of two are computed by vectors: the whole part of x becomes the power's exponent, and
 * the polynomial 1 + C1 r + ... + C6 r^6 of the rest r its mantissa. It is the one that is closest
 * to 2^r, relative to it, for |r| up to 1/2: it is within 1.6e-8.
 *
 * <p>Vectors that methods hand to each other may be put on the heap, so that each user has the few
 * lines itself.
 */
final class PowerOfTwo {
  static final float C1 = 0.6931472f;
  static final float C2 = 0.24022648f;
  static final float C3 = 0.055503324f;
  static final float C4 = 0.009618438f;
  static final float C5 = 0.0013398873f;
  static final float C6 = 1.5353295e-4f;

  /**
   * Added to a number of moderate size, it leaves the nearest whole number in the lowest bits, with
   * the bias of a float's exponent on top.
   */
  static final float ROUNDING = 0x1.8p23f + Float.MAX_EXPONENT;

  /** Bits of a float below its exponent. */
  static final int MANTISSA = Float.PRECISION - 1;

  /** Powers of two of numbers down to its negative are computed so. */
  static final float MOST = 126;

  private PowerOfTwo() {}
}
