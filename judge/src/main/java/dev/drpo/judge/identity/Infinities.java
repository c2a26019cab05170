package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Negation;

/** The ends of the real line, which are compared but not calculated with. */
final class Infinities {
  private Infinities() {}

  /** 1 for ∞, -1 for -∞, and 0 for everything else. */
  static int end(Expression expression) {
    if (expression instanceof Negation(Expression operand)) {
      return -end(operand);
    }
    return expression == Constant.INFINITY ? 1 : 0;
  }
}
