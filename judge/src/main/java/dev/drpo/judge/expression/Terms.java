package dev.drpo.judge.expression;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Rewrites expressions part by part. */
public final class Terms {
  private Terms() {}

  /** Rewrites every part, the innermost first. */
  public static Expression rewrite(Expression whole, UnaryOperator<Expression> rule) {
    UnaryOperator<Expression> inside = part -> rewrite(part, rule);
    return rule.apply(
        switch (whole) {
          case Expression.Number _,
              Expression.Decimal _,
              Expression.Symbol _,
              Expression.Constant _ ->
              whole;
          case Expression.Sum(List<Expression> terms) ->
              new Expression.Sum(terms.stream().map(inside).toList());
          case Expression.Product(List<Expression> factors) ->
              new Expression.Product(factors.stream().map(inside).toList());
          case Expression.Negation(Expression operand) ->
              new Expression.Negation(inside.apply(operand));
          case Expression.Quotient(Expression top, Expression bottom) ->
              new Expression.Quotient(inside.apply(top), inside.apply(bottom));
          case Expression.Power(Expression base, Expression exponent) ->
              new Expression.Power(inside.apply(base), inside.apply(exponent));
          case Expression.Root(Expression degree, Expression radicand) ->
              new Expression.Root(inside.apply(degree), inside.apply(radicand));
          case Expression.Call(var function, Expression argument) ->
              new Expression.Call(function, inside.apply(argument));
          case Expression.Logarithm(Expression base, Expression argument) ->
              new Expression.Logarithm(inside.apply(base), inside.apply(argument));
          case Expression.Factorial(Expression operand) ->
              new Expression.Factorial(inside.apply(operand));
          case Expression.Binomial(Expression total, Expression chosen) ->
              new Expression.Binomial(inside.apply(total), inside.apply(chosen));
          case Expression.Series(
                  boolean product,
                  Expression from,
                  Expression to,
                  Expression term) ->
              new Expression.Series(
                  product, inside.apply(from), inside.apply(to), inside.apply(term));
        });
  }

  /** Whether a part is as wanted. */
  public static boolean has(Expression whole, Predicate<Expression> wanted) {
    if (wanted.test(whole)) {
      return true;
    }
    for (Expression part : parts(whole)) {
      if (has(part, wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a symbol other than an index occurs. */
  public static boolean anySymbol(Expression whole) {
    return has(
        whole,
        part ->
            part instanceof Expression.Symbol(String name)
                && !name.equals(Expression.Series.INDEX));
  }

  /** Whether an expression has more parts than a number; asking costs no more than that many. */
  public static boolean isLargerThan(Expression expression, int parts) {
    return count(expression, parts) > parts;
  }

  private static int count(Expression expression, int enough) {
    int counted = 1;
    for (Expression part : parts(expression)) {
      if (counted > enough) {
        return counted;
      }
      counted += count(part, enough - counted);
    }
    return counted;
  }

  /** What an expression is directly made of. */
  public static List<Expression> parts(Expression expression) {
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
