package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.number.ComplexBall;
import dev.drpo.judge.number.NoValue;
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
    Optional<ComplexBall> leftValue;
    try {
      leftValue = rung.valueIfDefined(left);
    } catch (NoValue | LimitExceeded withoutLeft) {
      // The right side is paid for all the same, so that both orders cost and end alike.
      rung.valueIfDefined(right);
      throw withoutLeft;
    }
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
