package dev.drpo.judge.comparison;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Terms;
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
        || Terms.parts(expression).stream().anyMatch(part -> anyPart(part, wanted));
  }

  /** The first part that is as wanted, the whole before what it is made of. */
  static Optional<Expression> anyPartThat(Expression expression, Predicate<Expression> wanted) {
    if (wanted.test(expression)) {
      return Optional.of(expression);
    }
    return Terms.parts(expression).stream()
        .flatMap(part -> anyPartThat(part, wanted).stream())
        .findFirst();
  }
}
