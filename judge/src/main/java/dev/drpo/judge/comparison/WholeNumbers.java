package dev.drpo.judge.comparison;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.identity.Order;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.Optional;

/** Finds the integers next to constants, by comparing alone. */
final class WholeNumbers {
  /** Larger constants are ends of no set that anybody lists the integers of. */
  private static final int MAX_BITS = 64;

  private final Identity identity;

  WholeNumbers(Identity identity) {
    this.identity = identity;
  }

  /**
   * The greatest integer up to a real constant.
   *
   * @throws RealSet.Unordered if it is none, or too large
   */
  BigInteger floor(Expression constant) {
    Optional<Rational> rational = identity.rational(constant);
    if (rational.isPresent()) {
      BigInteger[] parts =
          rational.get().numerator().divideAndRemainder(rational.get().denominator());
      return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }
    BigInteger low = BigInteger.ONE.negate();
    BigInteger high = BigInteger.ONE;
    while (isBelow(constant, low)) {
      low = bounded(low.shiftLeft(1));
    }
    while (!isBelow(constant, high)) {
      high = bounded(high.shiftLeft(1));
    }
    while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = low.add(high).shiftRight(1);
      if (isBelow(constant, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  /** The integer that a real constant is, if it is one. */
  Optional<BigInteger> exactly(Expression constant) {
    BigInteger floor = floor(constant);
    return is(constant, floor) ? Optional.of(floor) : Optional.empty();
  }

  boolean is(Expression constant, BigInteger integer) {
    return identity.order(constant, number(integer)) == Order.EQUAL;
  }

  private static BigInteger bounded(BigInteger bound) {
    if (bound.bitLength() > MAX_BITS) {
      throw new RealSet.Unordered();
    }
    return bound;
  }

  private boolean isBelow(Expression constant, BigInteger integer) {
    return switch (identity.order(constant, number(integer))) {
      case LESS -> true;
      case EQUAL, GREATER -> false;
      case INCOMPARABLE -> throw new RealSet.Unordered();
    };
  }

  private static Expression number(BigInteger integer) {
    return new Expression.Number(Rational.of(integer));
  }
}
