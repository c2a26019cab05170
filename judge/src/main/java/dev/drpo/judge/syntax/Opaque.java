package dev.drpo.judge.syntax;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Series;
import dev.drpo.judge.expression.Terms;
import java.util.List;

/** Values that are not computed: each is a symbol that its definition names. */
final class Opaque {
  private Opaque() {}

  /** The symbol of a value with a bound variable, whose name doesn't count. */
  static Expression value(String what, String variable, Expression body, List<Expression> bounds) {
    Expression renamed =
        Substitution.replace(body, variable(variable), new Expression.Symbol(Series.INDEX));
    return new Expression.Symbol(
        Expression.Symbol.UNDECIDED + what + bounds + indexed(renamed, variable));
  }

  /** What a letter was read as that turns out to be a bound variable. */
  static Expression variable(String letter) {
    return switch (letter) {
      case "i" -> Expression.Constant.I;
      case "e" -> Expression.Constant.E;
      default -> new Expression.Symbol(letter);
    };
  }

  /** Elements of sequences carry the variable in their index. */
  private static String indexed(Expression body, String variable) {
    return Terms.rewrite(
            body,
            part ->
                part instanceof Expression.Symbol(String name) && dependsOn(name, variable)
                    ? new Expression.Symbol(renamed(name, variable))
                    : part)
        .toString();
  }

  /** Whether a symbol has a variable in its index. */
  static boolean dependsOn(String name, String variable) {
    int index = name.indexOf('_');
    return index > 0 && name.indexOf(variable, index) > 0;
  }

  private static String renamed(String name, String variable) {
    int index = name.indexOf('_');
    return name.substring(0, index) + name.substring(index).replace(variable, Series.INDEX);
  }
}
