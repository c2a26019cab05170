package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;

/** Asks an {@link Identity} about formulas. */
final class Questions {
  static final long SEED = 20;

  private Questions() {}

  static Identity identity() {
    return new Identity(Limits.DEFAULT, new Budget(Limits.DEFAULT.steps()), SEED);
  }

  static Agreement agreement(String left, String right) {
    return agreement(Formula.of(left), Formula.of(right));
  }

  static Agreement agreement(Expression left, Expression right) {
    return identity().agreement(left, right);
  }
}
