package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Puts expressions in the place of parts of others. */
public final class Substitution {
  private Substitution() {}

  /** The expression with every occurrence of one part replaced. */
  public static Expression replace(Expression whole, Expression part, Expression by) {
    return rewrite(whole, expression -> expression.equals(part) ? by : expression);
  }

  /** The expression with a symbol replaced. */
  public static Expression of(Expression whole, String symbol, Expression by) {
    return replace(whole, new Expression.Symbol(symbol), by);
  }

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
        });
  }

  /** The names of the symbols that occur, in order. */
  public static Set<String> symbols(Expression whole) {
    Set<String> names = new TreeSet<>();
    rewrite(
        whole,
        part -> {
          if (part instanceof Expression.Symbol(String name)) {
            names.add(name);
          }
          return part;
        });
    return names;
  }
}
