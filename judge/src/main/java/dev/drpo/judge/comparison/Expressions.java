package dev.drpo.judge.comparison;

import dev.drpo.judge.expression.Expression;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks for parts of expressions. */
final class Expressions {
  private Expressions() {}

  static boolean haveSymbols(Expression expression) {
    return anyPart(
        expression,
        part ->
            part instanceof Expression.Symbol(String name)
                && !name.equals(Expression.Series.INDEX));
  }

  static boolean contain(Expression expression, Expression wanted) {
    return anyPart(expression, wanted::equals);
  }

  /** Whether the expression or a part of it is as wanted. */
  static boolean anyPart(Expression expression, Predicate<Expression> wanted) {
    return wanted.test(expression)
        || parts(expression).stream().anyMatch(part -> anyPart(part, wanted));
  }

  /** The first part that is as wanted, the whole before what it is made of. */
  static Optional<Expression> anyPartThat(Expression expression, Predicate<Expression> wanted) {
    if (wanted.test(expression)) {
      return Optional.of(expression);
    }
    return parts(expression).stream()
        .flatMap(part -> anyPartThat(part, wanted).stream())
        .findFirst();
  }

  private static List<Expression> parts(Expression expression) {
    return switch (expression) {
      case Expression.Number number -> List.of();
      case Expression.Decimal decimal -> List.of();
      case Expression.Symbol symbol -> List.of();
      case Expression.Constant constant -> List.of();
      case Expression.Sum(List<Expression> terms) -> terms;
      case Expression.Product(List<Expression> factors) -> factors;
      case Expression.Negation(Expression operand) -> List.of(operand);
      case Expression.Quotient(Expression top, Expression bottom) -> List.of(top, bottom);
      case Expression.Power(Expression base, Expression exponent) -> List.of(base, exponent);
      case Expression.Root(Expression degree, Expression radicand) -> List.of(degree, radicand);
      case Expression.Call(var function, Expression argument) -> List.of(argument);
      case Expression.Logarithm(Expression base, Expression argument) -> List.of(base, argument);
      case Expression.Factorial(Expression operand) -> List.of(operand);
      case Expression.Binomial(Expression total, Expression chosen) -> List.of(total, chosen);
      case Expression.Series(boolean _, Expression from, Expression to, Expression term) ->
          List.of(from, to, term);
    };
  }
}
