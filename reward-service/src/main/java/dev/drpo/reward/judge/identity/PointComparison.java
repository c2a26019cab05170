package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.identity.Agreement.Outcome;
import dev.drpo.reward.judge.number.ComplexBall;
import java.util.Optional;

/** Compares two expressions at a point. */
final class PointComparison {
  private final Expression left;
  private final Expression right;

  PointComparison(Expression left, Expression right) {
    this.left = left;
    this.right = right;
  }

  /** The outcome at one precision; empty if a higher one is needed. */
  Optional<Outcome> at(Rung rung) {
    Optional<ComplexBall> leftValue = rung.valueIfDefined(left);
    Optional<ComplexBall> rightValue = rung.valueIfDefined(right);
    if (leftValue.isPresent() && rightValue.isPresent()) {
      return rung.areEqual(leftValue.get(), rightValue.get())
          .map(equal -> equal ? Outcome.SAME : Outcome.DIFFERENT);
    }
    if (leftValue.isPresent()) {
      return Optional.of(Outcome.RIGHT_UNDEFINED);
    }
    return Optional.of(rightValue.isPresent() ? Outcome.LEFT_UNDEFINED : Outcome.BOTH_UNDEFINED);
  }
}
