package dev.drpo.reward.judge.comparison;

import dev.drpo.reward.judge.expression.Expression;
import java.util.List;

/** Finds variables in expressions. */
final class Symbols {
  private Symbols() {}

  static boolean occurIn(Expression expression) {
    return switch (expression) {
      case Expression.Symbol symbol -> true;
      case Expression.Number number -> false;
      case Expression.Decimal decimal -> false;
      case Expression.Constant constant -> false;
      case Expression.Sum(List<Expression> terms) -> terms.stream().anyMatch(Symbols::occurIn);
      case Expression.Product(List<Expression> factors) ->
          factors.stream().anyMatch(Symbols::occurIn);
      case Expression.Negation(Expression operand) -> occurIn(operand);
      case Expression.Quotient(Expression top, Expression bottom) ->
          occurIn(top) || occurIn(bottom);
      case Expression.Power(Expression base, Expression exponent) ->
          occurIn(base) || occurIn(exponent);
      case Expression.Root(Expression degree, Expression radicand) ->
          occurIn(degree) || occurIn(radicand);
      case Expression.Call(var function, Expression argument) -> occurIn(argument);
      case Expression.Logarithm(Expression base, Expression argument) ->
          occurIn(base) || occurIn(argument);
      case Expression.Factorial(Expression operand) -> occurIn(operand);
      case Expression.Binomial(Expression total, Expression chosen) ->
          occurIn(total) || occurIn(chosen);
    };
  }
}
