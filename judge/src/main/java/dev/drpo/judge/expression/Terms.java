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
          case Expression.Series(boolean product, Expression from, Expression to, Expression term) ->
              new Expression.Series(
                  product, inside.apply(from), inside.apply(to), inside.apply(term));
        });
  }

  /** Whether a part is as wanted. */
  public static boolean has(Expression whole, Predicate<Expression> wanted) {
    boolean[] found = {false};
    rewrite(
        whole,
        part -> {
          found[0] |= wanted.test(part);
          return part;
        });
    return found[0];
  }

  /** Whether a symbol other than an index occurs. */
  public static boolean anySymbol(Expression whole) {
    return has(
        whole,
        part ->
            part instanceof Expression.Symbol(String name)
                && !name.equals(Expression.Series.INDEX));
  }
}
