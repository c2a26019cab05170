package dev.drpo.judge.number;

import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import java.math.BigInteger;

/** Functions that need to know a ball's integer. */
public final class IntegerFunctions {
  /** Factorials and binomials multiply at most so many integers. */
  private static final int MAX_COUNT = 20_000;

  /** Factors are multiplied as integers up to about so many bits. */
  private static final int GROUP_BITS = 256;

  /** A longer exact exponent is no rational number that powers could use. */
  private static final int MAX_SHIFT = 1 << 14;

  private final BallArithmetic arithmetic;

  public IntegerFunctions(BallArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** The only member of an exact ball. */
  public Rational rational(Ball exact) {
    if (Math.abs((long) exact.exponent()) > MAX_SHIFT) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return exact.exponent() < 0
        ? new Rational(exact.mantissa(), BigInteger.ONE.shiftLeft(-exact.exponent()))
        : Rational.of(exact.mantissa().shiftLeft(exact.exponent()));
  }

  /**
   * The greatest integer up to a number.
   *
   * @throws NoValue if the ball holds numbers on both sides of an integer, unless it counts as that
   *     integer
   */
  public Ball floor(Ball x) {
    if (x.isExact() && x.exponent() >= 0) {
      return x;
    }
    if (x.exponent() >= 0) {
      throw NoValue.unsettled();
    }
    BigInteger radius = BigInteger.valueOf(x.radius());
    BigInteger least = x.mantissa().subtract(radius).shiftRight(-x.exponent());
    BigInteger greatest = x.mantissa().add(radius).shiftRight(-x.exponent());
    if (!least.equals(greatest) && !isInteger(x, greatest)) {
      throw NoValue.unsettled();
    }
    return new Ball(greatest, 0, 0);
  }

  private boolean isInteger(Ball x, BigInteger candidate) {
    return arithmetic.isNegligible(arithmetic.minus(x, new Ball(candidate, 0, 0)));
  }

  /**
   * The product of the natural numbers up to the operand.
   *
   * @throws NoValue if the operand isn't known to be a natural number
   */
  public Ball factorial(Ball operand) {
    // Larger ones are refused before anyone looks for their last digit.
    if (operand.sign() > 0 && operand.lower().top() > Short.SIZE) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    BigInteger n = natural(operand);
    return product(BigInteger.ONE, count(n));
  }

  /** The product of {@code total, total - 1, …} divided by the factorial of {@code chosen}. */
  public Ball binomial(Ball total, Ball chosen) {
    BigInteger n = natural(total);
    BigInteger k = natural(chosen);
    k = k.min(n.subtract(k));
    if (k.signum() < 0) {
      return Ball.ZERO;
    }
    int count = count(k);
    Ball falling = product(n.subtract(k).add(BigInteger.ONE), count);
    return arithmetic.dividedBy(falling, product(BigInteger.ONE, count));
  }

  private static int count(BigInteger n) {
    if (n.compareTo(BigInteger.valueOf(MAX_COUNT)) > 0) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return n.intValue();
  }

  /** The product of {@code count} integers from {@code first} on, a few at once. */
  private Ball product(BigInteger first, int count) {
    Ball product = Ball.ONE;
    BigInteger factor = first;
    BigInteger group = BigInteger.ONE;
    for (int i = 0; i < count; i++) {
      group = group.multiply(factor);
      factor = factor.add(BigInteger.ONE);
      if (group.bitLength() >= GROUP_BITS || i == count - 1) {
        product = arithmetic.times(product, arithmetic.of(group));
        group = BigInteger.ONE;
      }
      arithmetic.spend(6);
    }
    return product;
  }

  /**
   * The integer that a number is.
   *
   * @throws NoValue if it isn't known to be one
   */
  public BigInteger whole(Ball x) {
    Ball integer = floor(x);
    if (!arithmetic.isNegligible(arithmetic.minus(x, integer))) {
      throw isBetweenIntegers(x, integer) ? NoValue.undefined() : NoValue.unsettled();
    }
    if (integer.top() > Long.SIZE) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return integer.exponent() < 0
        ? integer.mantissa().shiftRight(-integer.exponent())
        : integer.mantissa().shiftLeft(integer.exponent());
  }

  private BigInteger natural(Ball x) {
    Ball integer = floor(x);
    if (!arithmetic.isNegligible(arithmetic.minus(x, integer))) {
      throw isBetweenIntegers(x, integer) ? NoValue.undefined() : NoValue.unsettled();
    }
    if (integer.mantissa().signum() < 0) {
      throw NoValue.undefined();
    }
    if (integer.top() > MAX_SHIFT) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return integer.mantissa().shiftLeft(integer.exponent());
  }

  private boolean isBetweenIntegers(Ball x, Ball floor) {
    return !arithmetic.minus(x, floor).containsZero()
        && !arithmetic.minus(arithmetic.plus(floor, Ball.ONE), x).containsZero();
  }
}
