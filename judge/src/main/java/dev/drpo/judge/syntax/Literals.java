package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Computes what consists of short literals alone, so that it can be read as one number. */
final class Literals {
  /** Longer numbers are left to the comparison, which counts what they cost. */
  private static final int MAX_BITS = 256;

  private static final int MAX_EXPONENT = 64;

  private Literals() {}

  static Optional<BigInteger> integer(Expression expression) {
    return rational(expression).filter(Rational::isInteger).map(Rational::numerator);
  }

  static Optional<Rational> rational(Expression expression) {
    return value(expression).filter(value -> value.bitLength() <= MAX_BITS);
  }

  /** The number in the expression's place, if it is one. */
  static Expression folded(Expression expression) {
    return rational(expression).<Expression>map(Expression.Number::new).orElse(expression);
  }

  private static Optional<Rational> value(Expression expression) {
    return switch (expression) {
      case Expression.Number(Rational value) -> Optional.of(value);
      case Expression.Negation(Expression operand) -> rational(operand).map(Rational::negate);
      case Expression.Sum(List<Expression> terms) -> {
        Optional<Rational> sum = Optional.of(Rational.ZERO);
        for (Expression term : terms) {
          sum = sum.flatMap(so -> rational(term).map(so::plus)).filter(Literals::isShort);
        }
        yield sum;
      }
      case Expression.Product(List<Expression> factors) -> {
        Optional<Rational> product = Optional.of(Rational.ONE);
        for (Expression factor : factors) {
          product =
              product.flatMap(so -> rational(factor).map(so::times)).filter(Literals::isShort);
        }
        yield product;
      }
      case Expression.Quotient(Expression top, Expression bottom) ->
          rational(top)
              .flatMap(
                  one -> rational(bottom).filter(divisor -> !divisor.isZero()).map(one::dividedBy));
      case Expression.Power(Expression base, Expression exponent) ->
          rational(base).flatMap(one -> integer(exponent).flatMap(count -> power(one, count)));
      default -> Optional.empty();
    };
  }

  private static boolean isShort(Rational value) {
    return value.bitLength() <= MAX_BITS;
  }

  private static Optional<Rational> power(Rational base, BigInteger exponent) {
    boolean usual = exponent.abs().compareTo(BigInteger.valueOf(MAX_EXPONENT)) <= 0;
    if (!usual || (base.isZero() && exponent.signum() <= 0) || base.bitLength() > MAX_EXPONENT) {
      return Optional.empty();
    }
    int count = Math.abs(exponent.intValue());
    Rational power = new Rational(base.numerator().pow(count), base.denominator().pow(count));
    return Optional.of(exponent.signum() < 0 ? Rational.ONE.dividedBy(power) : power);
  }
}
