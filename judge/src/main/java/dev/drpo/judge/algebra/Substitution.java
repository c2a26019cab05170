package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Terms;
import java.util.Set;
import java.util.TreeSet;

/** Puts expressions in the place of parts of others. */
public final class Substitution {
  private Substitution() {}

  /** The expression with every occurrence of one part replaced. */
  public static Expression replace(Expression whole, Expression part, Expression by) {
    return Terms.rewrite(whole, expression -> expression.equals(part) ? by : expression);
  }

  /** The expression with a symbol replaced. */
  public static Expression of(Expression whole, String symbol, Expression by) {
    return replace(whole, new Expression.Symbol(symbol), by);
  }

  /** The names of the symbols that occur, in order. */
  public static Set<String> symbols(Expression whole) {
    Set<String> names = new TreeSet<>();
    Terms.rewrite(
        whole,
        part -> {
          if (part instanceof Expression.Symbol(String name)
              && !name.equals(Expression.Series.INDEX)) {
            names.add(name);
          }
          return part;
        });
    return names;
  }
}
