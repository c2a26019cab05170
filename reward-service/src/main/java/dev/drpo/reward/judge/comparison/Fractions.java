package dev.drpo.reward.judge.comparison;

import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.number.Rational;
import java.math.BigInteger;

/** Tells fractions in lowest terms from others. */
final class Fractions {
  private Fractions() {}

  /** Whether the expression is a fraction of integers, signs aside, that can be reduced. */
  static boolean isUnreduced(Expression expression) {
    return switch (expression) {
      case Expression.Negation(Expression operand) -> isUnreduced(operand);
      case Expression.Quotient(Expression top, Expression bottom)
          when unsigned(top) instanceof Expression.Number(Rational numerator)
              && unsigned(bottom) instanceof Expression.Number(Rational denominator) ->
          !numerator.numerator().gcd(denominator.numerator()).equals(BigInteger.ONE)
              || denominator.numerator().equals(BigInteger.ONE);
      default -> false;
    };
  }

  private static Expression unsigned(Expression expression) {
    return expression instanceof Expression.Negation(Expression operand)
        ? unsigned(operand)
        : expression;
  }
}
