package dev.drpo.judge.identity;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.IntegerRoot;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;

/**
 * Rational operations whose results' sizes are predicted first. A result that would be too large is
 * {@link Exact.Absent#UNKNOWN}, since other methods may still decide.
 */
final class RationalArithmetic {
  /** Factorials of more are longer than any sensible limit. */
  private static final int MAX_FACTORIAL = 20_000;

  private final int limitBits;
  private final Budget budget;

  /**
   * @param limitBits most bits of a numerator or a denominator
   */
  RationalArithmetic(int limitBits, Budget budget) {
    this.limitBits = limitBits;
    this.budget = budget;
  }

  /** Charges for looking at a node. */
  void visit() {
    budget.spend(1);
  }

  Exact literal(Rational value) {
    return value.bitLength() > limitBits ? Exact.Absent.UNKNOWN : new Exact.Value(value);
  }

  Exact sum(Rational left, Rational right) {
    return isAffordable((long) left.bitLength() + right.bitLength() + 1)
        ? new Exact.Value(left.plus(right))
        : Exact.Absent.UNKNOWN;
  }

  Exact product(Rational left, Rational right) {
    return isAffordable((long) left.bitLength() + right.bitLength())
        ? new Exact.Value(left.times(right))
        : Exact.Absent.UNKNOWN;
  }

  Exact quotient(Rational numerator, Rational denominator) {
    if (denominator.isZero()) {
      return Exact.Absent.UNDEFINED;
    }
    return isAffordable((long) numerator.bitLength() + denominator.bitLength())
        ? new Exact.Value(numerator.dividedBy(denominator))
        : Exact.Absent.UNKNOWN;
  }

  Exact power(Rational base, Rational exponent) {
    int sign = exponent.numerator().signum();
    if (base.isZero()) {
      return sign > 0 ? new Exact.Value(base) : Exact.Absent.UNDEFINED;
    }
    if (base.equals(Rational.ONE) || sign == 0) {
      return new Exact.Value(Rational.ONE);
    }
    if (!exponent.denominator().equals(BigInteger.ONE)) {
      Rational degree = Rational.of(exponent.denominator());
      Rational integer = Rational.of(exponent.numerator());
      return root(base, degree).map(root -> power(root, integer));
    }
    if (exponent.numerator().bitLength() > Integer.SIZE - 2) {
      boolean minusOne = base.negate().equals(Rational.ONE);
      return minusOne
          ? new Exact.Value(exponent.numerator().testBit(0) ? base : Rational.ONE)
          : Exact.Absent.UNKNOWN;
    }
    int count = Math.abs(exponent.numerator().intValue());
    if (!isAffordable((long) base.bitLength() * count)) {
      return Exact.Absent.UNKNOWN;
    }
    Rational power = new Rational(base.numerator().pow(count), base.denominator().pow(count));
    return new Exact.Value(sign > 0 ? power : Rational.ONE.dividedBy(power));
  }

  /** The root if it is rational; principal values aside, for negative radicands to odd degrees. */
  Exact root(Rational radicand, Rational degree) {
    boolean usual =
        degree.denominator().equals(BigInteger.ONE)
            && degree.numerator().signum() > 0
            && degree.numerator().bitLength() <= 4
            && degree.numerator().intValue() <= IntegerRoot.MAX_DEGREE;
    if (!usual || !isAffordable(2L * radicand.bitLength())) {
      return Exact.Absent.UNKNOWN;
    }
    int count = degree.numerator().intValue();
    if (count == 1 || radicand.isZero()) {
      return new Exact.Value(radicand);
    }
    if (radicand.numerator().signum() < 0) {
      return count % 2 == 0
          ? Exact.Absent.UNKNOWN
          : root(radicand.negate(), degree).map(root -> new Exact.Value(root.negate()));
    }
    Exact numerator = integerRoot(radicand.numerator(), count);
    return Exact.both(numerator, integerRoot(radicand.denominator(), count), this::quotient);
  }

  private Exact integerRoot(BigInteger radicand, int degree) {
    long words = 1L + radicand.bitLength() / Long.SIZE;
    budget.spend(20 + 4L * degree * words * words);
    BigInteger root = IntegerRoot.floor(radicand, degree);
    return root.pow(degree).equals(radicand) ? Exact.of(root) : Exact.Absent.UNKNOWN;
  }

  Exact factorial(Rational operand) {
    if (!isNatural(operand)) {
      return Exact.Absent.UNDEFINED;
    }
    BigInteger n = operand.numerator();
    if (n.compareTo(BigInteger.valueOf(MAX_FACTORIAL)) > 0) {
      return Exact.Absent.UNKNOWN;
    }
    int count = n.intValue();
    long bits = (long) count * Math.max(1, n.bitLength() - 1);
    return isAffordable(bits) ? Exact.of(risingProduct(1, count)) : Exact.Absent.UNKNOWN;
  }

  Exact binomial(Rational total, Rational chosen) {
    if (!isNatural(total) || !isNatural(chosen)) {
      return Exact.Absent.UNDEFINED;
    }
    BigInteger n = total.numerator();
    BigInteger k = chosen.numerator().min(n.subtract(chosen.numerator()));
    if (k.signum() < 0) {
      return Exact.of(BigInteger.ZERO);
    }
    if (n.bitLength() > Integer.SIZE - 2 || k.bitLength() > 16) {
      return Exact.Absent.UNKNOWN;
    }
    int count = k.intValue();
    if (!isAffordable((long) count * n.bitLength())) {
      return Exact.Absent.UNKNOWN;
    }
    BigInteger falling = risingProduct(n.intValue() - count + 1L, n.intValue());
    return Exact.of(falling.divide(risingProduct(1, count)));
  }

  private static boolean isNatural(Rational value) {
    return value.numerator().signum() >= 0 && value.denominator().equals(BigInteger.ONE);
  }

  private static BigInteger risingProduct(long from, long to) {
    BigInteger product = BigInteger.ONE;
    for (long factor = from; factor <= to; factor++) {
      product = product.multiply(BigInteger.valueOf(factor));
    }
    return product;
  }

  /** Charges for an operation with a result of {@code bits}, unless that is too long. */
  private boolean isAffordable(long bits) {
    if (bits > limitBits) {
      return false;
    }
    long words = 1 + bits / Long.SIZE;
    budget.spend(4 + 4 * words * words);
    return true;
  }
}
