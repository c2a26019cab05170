package dev.drpo.judge.comparison;

import dev.drpo.judge.convention.Convention.Option;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * When a decimal stands for the exact number that it is rounded from. Here gold and answer differ
 * in role: a gold that was rounded accepts the exact value, but an answer that is asked to be exact
 * must be nearly so.
 */
final class Rounding {
  /** Fewer digits would let a rough estimate pass for an exact answer. */
  private static final int MIN_DIGITS_OF_ANSWER = 6;

  /** A single digit, such as 0.3, is more often exact than rounded. */
  private static final int MIN_DIGITS_OF_GOLD = 2;

  private static final Rational TEN = Rational.of(BigInteger.TEN);
  private static final Rational HALF = new Rational(BigInteger.ONE, BigInteger.TWO);

  private final Conventions conventions;
  private final Identity identity;

  Rounding(Conventions conventions, Identity identity) {
    this.conventions = conventions;
    this.identity = identity;
  }

  boolean accepts(Expression gold, Expression answer) {
    if (!conventions.has(Option.DECIMALS_ROUNDED)) {
      return false;
    }
    Optional<Expression.Decimal> roundedGold = decimal(gold);
    Optional<Expression.Decimal> roundedAnswer = decimal(answer);
    if (roundedGold.isPresent() == roundedAnswer.isPresent()) {
      return false;
    }
    return roundedGold
        .map(decimal -> isRounded(answer, decimal, MIN_DIGITS_OF_GOLD))
        .orElseGet(
            () ->
                !isCoarse(gold, roundedAnswer.orElseThrow())
                    && isRounded(gold, roundedAnswer.get(), MIN_DIGITS_OF_ANSWER));
  }

  /** Whether an integer would lose digits: those before the point are never rounded away. */
  private boolean isCoarse(Expression gold, Expression.Decimal answer) {
    return answer.lastPlace().compareTo(Rational.ONE) > 0
        && identity.rational(gold).filter(Rational::isInteger).isPresent();
  }

  /** Whether {@code rough} is {@code exact} to within one of its last places. */
  boolean isApproximation(Expression exact, Expression rough) {
    Optional<Rational> whole = identity.rational(rough).filter(Rational::isInteger);
    return decimal(rough)
        .map(decimal -> identity.isWithin(exact, decimal.value(), decimal.lastPlace()))
        .orElseGet(() -> whole.isPresent() && identity.isWithin(exact, whole.get(), HALF));
  }

  private boolean isRounded(Expression exact, Expression.Decimal decimal, int leastDigits) {
    return decimal.significantDigits() >= leastDigits
        && identity.isWithin(exact, decimal.value(), decimal.lastPlace().times(HALF));
  }

  /** The decimal that an expression is, sign and power of ten included. */
  private Optional<Expression.Decimal> decimal(Expression expression) {
    return switch (expression) {
      case Expression.Decimal decimal -> Optional.of(decimal);
      case Expression.Negation(Expression operand) ->
          decimal(operand)
              .map(
                  decimal ->
                      new Expression.Decimal(
                          decimal.value().negate(),
                          decimal.lastPlace(),
                          decimal.significantDigits()));
      case Expression.Product(List<Expression> factors)
          when factors.size() == 2
              && factors.getFirst() instanceof Expression.Decimal mantissa
              && isPowerOfTen(factors.getLast()) ->
          identity.rational(factors.getLast()).map(power -> times(mantissa, power));
      default -> Optional.empty();
    };
  }

  private static boolean isPowerOfTen(Expression expression) {
    return expression instanceof Expression.Power(Expression.Number(Rational base), Expression e)
        && base.equals(TEN);
  }

  private static Expression.Decimal times(Expression.Decimal decimal, Rational factor) {
    return new Expression.Decimal(
        decimal.value().times(factor),
        decimal.lastPlace().times(factor),
        decimal.significantDigits());
  }

  /** The expression times a factor; a decimal stays one. */
  static Expression scaled(Expression expression, Rational factor) {
    return switch (expression) {
      case Expression.Decimal decimal -> times(decimal, factor);
      case Expression.Negation(Expression.Decimal decimal) ->
          new Expression.Negation(times(decimal, factor));
      default -> new Expression.Product(List.of(expression, new Expression.Number(factor)));
    };
  }
}
