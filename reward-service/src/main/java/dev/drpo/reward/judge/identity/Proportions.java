package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.limit.Limit;
import dev.drpo.reward.judge.limit.LimitExceeded;
import dev.drpo.reward.judge.number.Ball;
import dev.drpo.reward.judge.number.ComplexArithmetic;
import dev.drpo.reward.judge.number.ComplexBall;
import java.util.List;
import java.util.Optional;

/** Finds the factor between two functions by their enclosures at random points. */
final class Proportions {
  private static final int ENOUGH = 4;
  private static final int LEAST = 3;

  private final Expression left;
  private final Expression right;
  private final Ladder ladder;

  Proportions(Expression left, Expression right, Ladder ladder) {
    this.left = left;
    this.right = right;
    this.ladder = ladder;
  }

  /** What is seen at one point. */
  private enum Sight {
    POSITIVE,
    NEGATIVE,
    BOTH_ZERO,
    /** The factor isn't real or is zero, or only one side has a value. */
    NO_FACTOR,
    UNDEFINED,
    TOO_LARGE
  }

  /** The factor's sign, where it is known to be constant. */
  Proportion signAt(List<Point> points) {
    for (Point point : points) {
      Sight sight = look(point);
      if (sight == Sight.POSITIVE) {
        return Proportion.POSITIVE;
      }
      if (sight == Sight.NEGATIVE) {
        return Proportion.NEGATIVE;
      }
      if (sight == Sight.NO_FACTOR) {
        return Proportion.NONE;
      }
    }
    return Proportion.UNDECIDED;
  }

  /** The proportion, where nothing is known. */
  Proportion across(List<Point> points) {
    int zeros = 0;
    int undefined = 0;
    int agreeing = 0;
    Point origin = null;
    Sight sign = Sight.BOTH_ZERO;
    for (Point point : points) {
      Sight sight = look(point);
      switch (sight) {
        case NO_FACTOR -> {
          return Proportion.NONE;
        }
        case BOTH_ZERO -> zeros++;
        case UNDEFINED -> undefined++;
        case TOO_LARGE -> {}
        case POSITIVE, NEGATIVE -> {
          if (origin == null) {
            origin = point;
            sign = sight;
          } else if (sight != sign || !haveSameFactor(origin, point)) {
            return Proportion.NONE;
          }
          agreeing++;
        }
      }
      if (agreeing >= ENOUGH) {
        break;
      }
    }
    int least = Math.min(LEAST, points.size());
    if (agreeing >= least) {
      return sign == Sight.POSITIVE ? Proportion.POSITIVE : Proportion.NEGATIVE;
    }
    if (agreeing == 0 && zeros >= least) {
      return Proportion.POSITIVE;
    }
    return undefined == points.size() ? Proportion.UNDEFINED : Proportion.UNDECIDED;
  }

  private Sight look(Point point) {
    try {
      return ladder.climb(point, this::look);
    } catch (LimitExceeded exceeded) {
      if (exceeded.limit() == Limit.STEPS) {
        throw exceeded;
      }
      return Sight.TOO_LARGE;
    }
  }

  private Optional<Sight> look(Rung rung) {
    Optional<ComplexBall> leftValue = rung.valueIfDefined(left);
    Optional<ComplexBall> rightValue = rung.valueIfDefined(right);
    if (leftValue.isEmpty() || rightValue.isEmpty()) {
      boolean neither = leftValue.isEmpty() && rightValue.isEmpty();
      return Optional.of(neither ? Sight.UNDEFINED : Sight.NO_FACTOR);
    }
    Optional<Boolean> leftZero = rung.areEqual(leftValue.get(), ComplexBall.ZERO);
    Optional<Boolean> rightZero = rung.areEqual(rightValue.get(), ComplexBall.ZERO);
    if (leftZero.isEmpty() || rightZero.isEmpty()) {
      return Optional.empty();
    }
    if (leftZero.get() || rightZero.get()) {
      return Optional.of(leftZero.equals(rightZero) ? Sight.BOTH_ZERO : Sight.NO_FACTOR);
    }
    ComplexBall factor = rung.arithmetic().dividedBy(leftValue.get(), rightValue.get());
    Optional<Ball> real = rung.real(factor);
    if (real.isEmpty()) {
      return Optional.of(Sight.NO_FACTOR);
    }
    return switch (real.get().sign()) {
      case 1 -> Optional.of(Sight.POSITIVE);
      case -1 -> Optional.of(Sight.NEGATIVE);
      default -> Optional.empty();
    };
  }

  private boolean haveSameFactor(Point origin, Point point) {
    return ladder.climb(
        point,
        rung -> {
          Rung other = ladder.rung(origin, rung.precision());
          ComplexArithmetic arithmetic = rung.arithmetic();
          return rung.areEqual(
              arithmetic.times(rung.value(left), other.value(right)),
              arithmetic.times(rung.value(right), other.value(left)));
        });
  }
}
