package dev.drpo.judge.number;

import java.math.BigInteger;

/**
 * Taylor series in fixed point: a number x is the integer {@code x · 2^places}. Arguments aren't
 * negative and are well below 1, so that terms shrink at once. Every term is wrong by less than
 * three units of the last place, its share of the tail included, which makes the radius.
 */
final class Series {
  private final BallArithmetic arithmetic;
  private final int places;
  private BigInteger sum = BigInteger.ZERO;
  private int terms;

  private Series(BallArithmetic arithmetic, int places) {
    this.arithmetic = arithmetic;
    this.places = places;
  }

  /** {@code 1 + x + x²/2! + …} */
  static Ball exponential(Ball argument, BallArithmetic arithmetic, int places) {
    Series series = new Series(arithmetic, places);
    return series.factorials(series.one(), fixed(argument, places), 1, 1, false);
  }

  /** {@code x - x³/3! + …} */
  static Ball sine(Ball argument, BallArithmetic arithmetic, int places) {
    Series series = new Series(arithmetic, places);
    BigInteger x = fixed(argument, places);
    return series.factorials(x, series.square(x), 2, 2, true);
  }

  /** {@code 1 - x²/2! + …} */
  static Ball cosine(Ball argument, BallArithmetic arithmetic, int places) {
    Series series = new Series(arithmetic, places);
    return series.factorials(series.one(), series.square(fixed(argument, places)), 1, 2, true);
  }

  /** {@code 1 - x²/3 + x⁴/5 - …}, which is {@code arctan(x)/x} */
  static Ball arctangentRatio(Ball argument, BallArithmetic arithmetic, int places) {
    Series series = new Series(arithmetic, places);
    return series.odds(series.square(fixed(argument, places)), true);
  }

  /** {@code 1 + x²/3 + x⁴/5 + …}, which is {@code artanh(x)/x} */
  static Ball hyperbolicArctangentRatio(Ball argument, BallArithmetic arithmetic, int places) {
    Series series = new Series(arithmetic, places);
    return series.odds(series.square(fixed(argument, places)), false);
  }

  /**
   * Each term is the one before times {@code ratio} divided by the next {@code step} integers from
   * {@code next} on.
   */
  private Ball factorials(
      BigInteger first, BigInteger ratio, int next, int step, boolean alternating) {
    BigInteger term = first;
    long divisor = next;
    while (term.signum() != 0) {
      add(term, alternating);
      long product = step == 1 ? divisor : divisor * (divisor + 1);
      term = term.multiply(ratio).shiftRight(places).divide(BigInteger.valueOf(product));
      divisor += step;
    }
    return result();
  }

  private Ball odds(BigInteger ratio, boolean alternating) {
    BigInteger power = one();
    while (power.signum() != 0) {
      add(power.divide(BigInteger.valueOf(2L * terms + 1)), alternating);
      power = power.multiply(ratio).shiftRight(places);
    }
    return result();
  }

  private void add(BigInteger term, boolean alternating) {
    arithmetic.charge(1);
    sum = alternating && terms % 2 == 1 ? sum.subtract(term) : sum.add(term);
    terms++;
  }

  private Ball result() {
    return new Ball(sum, 3L * terms + 8, -places);
  }

  private BigInteger one() {
    return BigInteger.ONE.shiftLeft(places);
  }

  private BigInteger square(BigInteger x) {
    return x.multiply(x).shiftRight(places);
  }

  /**
   * The centre, rounded down; the series' radius covers the rounding, as derivatives are below 2.
   */
  private static BigInteger fixed(Ball argument, int places) {
    return argument.mantissa().shiftLeft(places + argument.exponent());
  }
}
