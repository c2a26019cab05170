package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Ball;
import dev.drpo.judge.number.BallArithmetic;
import dev.drpo.judge.number.ComplexArithmetic;
import dev.drpo.judge.number.ComplexBall;
import dev.drpo.judge.number.NoValue;
import java.util.Optional;

/** Evaluation at one precision, and what may be concluded there. */
final class Rung {
  private final BallEvaluation evaluation;
  private final int agreeingBits;
  private final boolean settles;
  private int missingBits;

  /**
   * @param agreeingBits bits that equal values must agree in
   * @param settles whether the precision suffices to take overlapping values for equal
   */
  Rung(BallEvaluation evaluation, int agreeingBits, boolean settles) {
    this.evaluation = evaluation;
    this.agreeingBits = agreeingBits;
    this.settles = settles;
  }

  ComplexArithmetic arithmetic() {
    return evaluation.arithmetic();
  }

  int precision() {
    return reals().precision();
  }

  int gap() {
    return reals().gap();
  }

  /** How much narrower the last difference would have to be; not positive if it wasn't too wide. */
  int missingBits() {
    return missingBits;
  }

  private BallArithmetic reals() {
    return arithmetic().reals();
  }

  ComplexBall value(Expression expression) {
    return evaluation.evaluate(expression);
  }

  /**
   * The value, or empty if there is certainly none.
   *
   * @throws NoValue if that can't be told at this precision
   */
  Optional<ComplexBall> valueIfDefined(Expression expression) {
    try {
      return Optional.of(value(expression));
    } catch (NoValue reason) {
      if (reason.isCertain()) {
        return Optional.empty();
      }
      throw reason;
    }
  }

  /**
   * Whether two numbers are the same; empty if that can't be told at this precision. They differ if
   * their enclosures don't meet. They are the same if both enclosures meet within the bits asked
   * for, and no addend was too small to be seen.
   */
  Optional<Boolean> areEqual(ComplexBall left, ComplexBall right) {
    if (left.equals(right) && left.real().isExact() && left.imaginary().isExact()) {
      return Optional.of(true);
    }
    int gap = gap();
    ComplexBall difference = arithmetic().minus(left, right);
    if (!difference.containsZero()) {
      return Optional.of(false);
    }
    int scale = Math.max(0, Math.max(left.top(), right.top()));
    missingBits = difference.top() - (scale - agreeingBits);
    return settles && missingBits <= 0 && gap + Long.SIZE <= reals().precision()
        ? Optional.of(true)
        : Optional.empty();
  }

  /**
   * The real part of a number that may be real.
   *
   * @throws NoValue if the number isn't known to be real
   */
  Ball real(ComplexBall number) {
    if (reals().isNegligible(number.imaginary())) {
      return number.real();
    }
    throw NoValue.unsettled();
  }
}
