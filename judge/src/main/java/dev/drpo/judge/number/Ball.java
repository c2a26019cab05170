package dev.drpo.judge.number;

import java.math.BigInteger;

/**
 * The real numbers from {@code (mantissa - radius) · 2^exponent} to {@code (mantissa + radius) ·
 * 2^exponent}, both included. Operations on balls live in {@link BallArithmetic} and return a ball
 * that holds every result for members of their operands.
 */
public record Ball(BigInteger mantissa, long radius, int exponent) {
  public static final Ball ZERO = new Ball(BigInteger.ZERO, 0, 0);
  public static final Ball ONE = exact(1);

  public Ball {
    if (radius < 0) {
      throw new IllegalArgumentException("a radius is never negative, but was " + radius);
    }
  }

  public static Ball exact(long integer) {
    return new Ball(BigInteger.valueOf(integer), 0, 0);
  }

  public boolean isExact() {
    return radius == 0;
  }

  /** Whether zero is the only member. */
  public boolean isZero() {
    return radius == 0 && mantissa.signum() == 0;
  }

  /** Whether zero is a member. */
  public boolean containsZero() {
    return mantissa.signum() == 0 || sign() == 0;
  }

  /** The sign that all members share; 0 if they don't, or if zero is a member. */
  public int sign() {
    if (radius == 0 || mantissa.bitLength() > Long.SIZE) {
      return mantissa.signum();
    }
    return mantissa.abs().compareTo(BigInteger.valueOf(radius)) > 0 ? mantissa.signum() : 0;
  }

  /** The least n such that {@code |x| < 2^n} is known for all members; meaningless for zero. */
  public int top() {
    int radiusBits = Long.SIZE - Long.numberOfLeadingZeros(radius);
    int mantissaBits = mantissa.abs().bitLength();
    return exponent + (radius == 0 ? mantissaBits : Math.max(mantissaBits, radiusBits) + 1);
  }

  public Ball negate() {
    return new Ball(mantissa.negate(), radius, exponent);
  }

  /** Only the middle. */
  public Ball centre() {
    return radius == 0 ? this : new Ball(mantissa, 0, exponent);
  }

  /** Every distance of a member from the middle, with both signs. */
  public Ball spread() {
    return new Ball(BigInteger.ZERO, radius, radius == 0 ? 0 : exponent);
  }

  /** The greatest member. */
  public Ball upper() {
    return new Ball(mantissa.add(BigInteger.valueOf(radius)), 0, exponent);
  }

  /** The least member. */
  public Ball lower() {
    return new Ball(mantissa.subtract(BigInteger.valueOf(radius)), 0, exponent);
  }

  /** The members times {@code 2^places}; the caller keeps {@code places} small. */
  public Ball shift(int places) {
    return isZero() ? this : new Ball(mantissa, radius, Math.addExact(exponent, places));
  }

  /** Whether {@code value} is a member. */
  public boolean contains(Rational value) {
    BigInteger scaledValue = value.numerator();
    BigInteger unit = value.denominator();
    if (exponent < 0) {
      scaledValue = scaledValue.shiftLeft(-exponent);
    } else {
      unit = unit.shiftLeft(exponent);
    }
    BigInteger distance = scaledValue.subtract(mantissa.multiply(unit)).abs();
    return distance.compareTo(unit.multiply(BigInteger.valueOf(radius))) <= 0;
  }
}
