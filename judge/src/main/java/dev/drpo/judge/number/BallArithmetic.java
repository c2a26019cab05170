package dev.drpo.judge.number;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import java.math.BigInteger;

/**
 * The field operations and roots on balls, rounded to a precision. Every rounding widens the
 * radius, so that containment is kept. Numbers beyond {@code 2^(±2^28)} are refused.
 */
public final class BallArithmetic {
  /** Radii need few bits: they are bounds, and shorter mantissas follow from longer radii. */
  private static final int RADIUS_BITS = 30;

  private static final long MAX_EXPONENT = 1L << 28;

  private final int precision;
  private final boolean settles;
  private final Budget budget;
  private final long multiplicationSteps;
  private int gap;

  /**
   * @param precision bits of a mantissa
   * @param settles whether a tiny ball around zero is taken for zero, as is fair at the highest
   *     precision of a comparison
   */
  public BallArithmetic(int precision, boolean settles, Budget budget) {
    this.precision = precision;
    this.settles = settles;
    this.budget = budget;
    long words = 1L + precision / Long.SIZE;
    this.multiplicationSteps = 8 + words + words * words / 8;
  }

  public int precision() {
    return precision;
  }

  /** The same with {@code bits} more or fewer. */
  BallArithmetic widened(int bits) {
    return new BallArithmetic(precision + bits, settles, budget);
  }

  /**
   * The most bits by which one addend was seen to be smaller than another. A sum whose addends lie
   * further apart than the precision says nothing about the smaller one.
   */
  public int gap() {
    return gap;
  }

  void noteGap(int bits) {
    gap = Math.max(gap, bits);
  }

  void spend(long steps) {
    budget.spend(steps);
  }

  /** Charges for {@code count} multiplications. */
  void charge(int count) {
    budget.spend(count * multiplicationSteps);
  }

  public Ball of(BigInteger integer) {
    return rounded(integer, BigInteger.ZERO, 0);
  }

  public Ball of(Rational value) {
    Ball numerator = of(value.numerator());
    return value.denominator().equals(BigInteger.ONE)
        ? numerator
        : dividedBy(numerator, of(value.denominator()));
  }

  public Ball plus(Ball left, Ball right) {
    if (left.isZero()) {
      return right;
    }
    if (right.isZero()) {
      return left;
    }
    charge(1);
    int distance = left.top() - right.top();
    if (!left.containsZero() && !right.containsZero()) {
      noteGap(Math.abs(distance));
    }
    if (Math.abs(distance) > precision + 4) {
      return distance > 0 ? absorb(left, right) : absorb(right, left);
    }
    int exponent = Math.min(left.exponent(), right.exponent());
    int leftShift = left.exponent() - exponent;
    int rightShift = right.exponent() - exponent;
    BigInteger mantissa =
        left.mantissa().shiftLeft(leftShift).add(right.mantissa().shiftLeft(rightShift));
    return rounded(
        mantissa,
        shifted(left.radius(), leftShift).add(shifted(right.radius(), rightShift)),
        exponent);
  }

  /** The sum where the smaller addend lies below the last place. */
  private Ball absorb(Ball larger, Ball smaller) {
    int shift = Math.max(0, larger.exponent() - (larger.top() - precision));
    int exponent = larger.exponent() - shift;
    return rounded(
        larger.mantissa().shiftLeft(shift),
        shifted(larger.radius(), shift)
            .add(BigInteger.ONE.shiftLeft(Math.max(0, smaller.top() - exponent))),
        exponent);
  }

  private static BigInteger shifted(long radius, int places) {
    return radius == 0 ? BigInteger.ZERO : BigInteger.valueOf(radius).shiftLeft(places);
  }

  public Ball minus(Ball left, Ball right) {
    return plus(left, right.negate());
  }

  public Ball times(Ball left, Ball right) {
    if (left.isZero() || right.isZero()) {
      return Ball.ZERO;
    }
    charge(1);
    BigInteger radius = BigInteger.valueOf(left.radius() * right.radius());
    if (right.radius() != 0) {
      radius = radius.add(left.mantissa().abs().multiply(BigInteger.valueOf(right.radius())));
    }
    if (left.radius() != 0) {
      radius = radius.add(right.mantissa().abs().multiply(BigInteger.valueOf(left.radius())));
    }
    return rounded(
        left.mantissa().multiply(right.mantissa()),
        radius,
        (long) left.exponent() + right.exponent());
  }

  /**
   * The quotient.
   *
   * @throws NoValue if zero is a member of the divisor
   */
  public Ball dividedBy(Ball dividend, Ball divisor) {
    if (divisor.sign() == 0) {
      throw isNegligible(divisor) ? NoValue.undefined() : NoValue.unsettled();
    }
    if (dividend.isZero()) {
      return Ball.ZERO;
    }
    charge(3);
    BigInteger denominator = divisor.mantissa();
    int shift =
        Math.max(
            0, precision + 2 + denominator.bitLength() - dividend.mantissa().abs().bitLength());
    BigInteger[] division = dividend.mantissa().shiftLeft(shift).divideAndRemainder(denominator);
    BigInteger radius = division[1].signum() == 0 ? BigInteger.ZERO : BigInteger.ONE;
    if (!dividend.isExact() || !divisor.isExact()) {
      // |a/b - a0/b0| <= (|a0/b0| · rb + ra) / (|b0| - rb)
      BigInteger spread = BigInteger.valueOf(divisor.radius());
      radius =
          division[0]
              .abs()
              .add(BigInteger.ONE)
              .multiply(spread)
              .add(shifted(dividend.radius(), shift))
              .divide(denominator.abs().subtract(spread))
              .add(BigInteger.TWO);
    }
    return rounded(division[0], radius, (long) dividend.exponent() - divisor.exponent() - shift);
  }

  /**
   * The root of a ball without negative members, or with tiny ones that settle as zero.
   *
   * @param degree at least 2 and at most {@link IntegerRoot#MAX_DEGREE}
   */
  public Ball root(Ball radicand, int degree) {
    if (radicand.isZero()) {
      return radicand;
    }
    if (radicand.sign() <= 0) {
      if (!isNegligible(radicand)) {
        throw NoValue.unsettled();
      }
      Ball bound = root(magnitude(radicand), degree);
      return around(bound);
    }
    charge(degree == 2 ? 8 : 24 * degree);
    // The shift makes a root of at least `precision` bits and the exponent a multiple of the
    // degree.
    int shift = Math.max(0, degree * (precision + 2) - radicand.mantissa().bitLength());
    shift += Math.floorMod(radicand.exponent() - shift, degree);
    BigInteger shifted = radicand.mantissa().shiftLeft(shift);
    BigInteger root = IntegerRoot.floor(shifted, degree);
    BigInteger radius =
        radicand.isExact() && root.pow(degree).equals(shifted) ? BigInteger.ZERO : BigInteger.ONE;
    if (!radicand.isExact()) {
      // |x^(1/n) - m^(1/n)| <= |x - m| / m^((n-1)/n)
      radius =
          radius
              .add(BigInteger.ONE)
              .add(shifted(radicand.radius(), shift).divide(root.pow(degree - 1)));
    }
    return rounded(root, radius, (radicand.exponent() - (long) shift) / degree);
  }

  /** Repeated squaring; {@code exponent} isn't negative. */
  public Ball power(Ball base, long exponent) {
    Ball result = Ball.ONE;
    Ball square = base;
    for (long rest = exponent; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        result = times(result, square);
      }
      if (rest != 1) {
        square = times(square, square);
      }
    }
    return result;
  }

  /** An exact upper bound of the absolute values. */
  public Ball magnitude(Ball ball) {
    BigInteger bound = ball.mantissa().abs().add(BigInteger.valueOf(ball.radius()));
    return new Ball(bound, 0, ball.exponent());
  }

  /** The numbers from {@code -bound} to {@code bound}, for a bound that isn't negative. */
  public Ball around(Ball bound) {
    BigInteger radius = bound.mantissa().abs().add(BigInteger.valueOf(bound.radius()));
    return rounded(BigInteger.ZERO, radius, bound.exponent());
  }

  /** Absolute values; a ball around zero keeps its negative members. */
  public Ball abs(Ball ball) {
    return ball.mantissa().signum() < 0 ? ball.negate() : ball;
  }

  /** Widens a ball by the upper bound of another. */
  Ball widen(Ball ball, Ball by) {
    return by.isZero() ? ball : plus(ball, around(by));
  }

  /**
   * Whether a ball counts as zero: it is zero, or it holds zero and is so small, at the highest
   * precision, that nothing but zero explains it.
   */
  public boolean isNegligible(Ball ball) {
    if (ball.isZero()) {
      return true;
    }
    boolean tiny = ball.containsZero() && ball.top() < -(precision / 4);
    return settles && tiny && gap + Long.SIZE <= precision;
  }

  private Ball rounded(BigInteger mantissa, BigInteger radius, long exponent) {
    int excess = Math.max(mantissa.bitLength() - precision, radius.bitLength() - RADIUS_BITS);
    BigInteger shortMantissa = mantissa;
    long shortRadius =
        radius.signum() == 0 ? 0 : radius.shiftRight(Math.max(0, excess)).longValue();
    long newExponent = exponent;
    if (excess > 0) {
      boolean exact = radius.signum() == 0 && mantissa.getLowestSetBit() >= excess;
      shortMantissa = mantissa.shiftRight(excess);
      shortRadius += exact ? 0 : radius.signum() == 0 ? 1 : 2;
      newExponent += excess;
    }
    if (shortMantissa.signum() == 0 && shortRadius == 0) {
      return Ball.ZERO;
    }
    if (Math.abs(newExponent + shortMantissa.bitLength()) > MAX_EXPONENT) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return new Ball(shortMantissa, shortRadius, (int) newExponent);
  }
}
