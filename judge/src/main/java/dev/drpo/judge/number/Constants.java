package dev.drpo.judge.number;

import java.math.BigInteger;

/** π and ln 2. Precisions that comparisons commonly use are computed once for all. */
final class Constants {
  private static final int COMMON_PRECISION = 4096;
  private static final Ball COMMON_PI = computePi(COMMON_PRECISION);
  private static final Ball COMMON_LN2 = computeLn2(COMMON_PRECISION);

  private final BallArithmetic arithmetic;
  private Ball pi;
  private Ball ln2;

  Constants(BallArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** π to the precision of the arithmetic, and {@code 32} bits more. */
  Ball pi() {
    return pi(arithmetic.precision() + 32);
  }

  /** π to at least {@code bits} bits. */
  Ball pi(int bits) {
    if (pi == null || pi.mantissa().bitLength() < bits) {
      pi = bits <= COMMON_PRECISION ? shortened(COMMON_PI, bits) : computePi(charged(bits));
    }
    return pi;
  }

  /** ln 2 to the precision of the arithmetic, and 64 bits more. */
  Ball ln2() {
    if (ln2 == null) {
      int bits = arithmetic.precision() + 64;
      ln2 = bits <= COMMON_PRECISION ? shortened(COMMON_LN2, bits) : computeLn2(charged(bits));
    }
    return ln2;
  }

  private static Ball shortened(Ball constant, int bits) {
    int excess = constant.mantissa().bitLength() - bits - 1;
    return excess <= 0
        ? constant
        : new Ball(
            constant.mantissa().shiftRight(excess),
            (constant.radius() >> Math.min(excess, Long.SIZE - 1)) + 2,
            constant.exponent() + excess);
  }

  /** Charges for a term for every two or three bits, each two divisions by a short number. */
  private int charged(int bits) {
    arithmetic.spend(bits * (10L + bits / Long.SIZE) / 4);
    return bits;
  }

  /** Machin: π = 16 arctan(1/5) - 4 arctan(1/239). */
  private static Ball computePi(int bits) {
    int places = bits + 16;
    BigInteger sum =
        inverse(5, true, places)
            .multiply(BigInteger.valueOf(16))
            .subtract(inverse(239, true, places).multiply(BigInteger.valueOf(4)));
    return new Ball(sum, 24L * places, -places);
  }

  /** ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749). */
  private static Ball computeLn2(int bits) {
    int places = bits + 16;
    BigInteger sum =
        inverse(26, false, places)
            .multiply(BigInteger.valueOf(18))
            .subtract(inverse(4801, false, places).multiply(BigInteger.TWO))
            .add(inverse(8749, false, places).multiply(BigInteger.valueOf(8)));
    return new Ball(sum, 24L * places, -places);
  }

  /**
   * {@code 2^places · arctan(1/n)}, or artanh, wrong by less than a unit for every term, of which
   * there are fewer than {@code places / 4 + 2}.
   */
  private static BigInteger inverse(int n, boolean alternating, int places) {
    BigInteger square = BigInteger.valueOf((long) n * n);
    BigInteger power = BigInteger.ONE.shiftLeft(places).divide(BigInteger.valueOf(n));
    BigInteger sum = power;
    for (int k = 1; power.signum() != 0; k++) {
      power = power.divide(square);
      BigInteger term = power.divide(BigInteger.valueOf(2L * k + 1));
      sum = alternating && k % 2 == 1 ? sum.subtract(term) : sum.add(term);
    }
    return sum;
  }
}
