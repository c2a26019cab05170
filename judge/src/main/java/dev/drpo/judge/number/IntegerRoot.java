package dev.drpo.judge.number;

import java.math.BigInteger;

/** Roots of natural numbers, rounded down. */
public final class IntegerRoot {
  /** Higher roots go through logarithms. */
  public static final int MAX_DEGREE = 12;

  private IntegerRoot() {}

  /**
   * The greatest integer whose power is at most {@code radicand}.
   *
   * @param radicand not negative
   * @param degree at least 2
   */
  public static BigInteger floor(BigInteger radicand, int degree) {
    if (radicand.signum() == 0) {
      return radicand;
    }
    if (degree == 2) {
      return radicand.sqrt();
    }
    return newton(radicand, degree, start(radicand, degree));
  }

  /** Descends from a start that isn't below the root. */
  private static BigInteger newton(BigInteger radicand, int degree, BigInteger start) {
    BigInteger divisor = BigInteger.valueOf(degree);
    BigInteger others = BigInteger.valueOf(degree - 1L);
    BigInteger estimate = start;
    while (true) {
      BigInteger next =
          estimate.multiply(others).add(radicand.divide(estimate.pow(degree - 1))).divide(divisor);
      if (next.compareTo(estimate) >= 0) {
        return estimate;
      }
      estimate = next;
    }
  }

  /** The root of the upper half of the digits, so that Newton's steps double a half result. */
  private static BigInteger start(BigInteger radicand, int degree) {
    int rootBits = radicand.bitLength() / degree + 1;
    if (rootBits <= 4) {
      return BigInteger.ONE.shiftLeft(rootBits);
    }
    int dropped = rootBits / 2;
    BigInteger head = floor(radicand.shiftRight(dropped * degree), degree);
    return head.add(BigInteger.ONE).shiftLeft(dropped);
  }
}
