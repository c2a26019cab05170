package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.number.ComplexArithmetic;
import dev.drpo.judge.number.ComplexBall;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
    /** The factor isn't real, or it is zero. */
    NO_FACTOR,
    LEFT_UNDEFINED,
    RIGHT_UNDEFINED,
    BOTH_UNDEFINED,
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
    Map<Sight, Integer> counts = new EnumMap<>(Sight.class);
    Point origin = null;
    for (Point point : points) {
      Sight sight = look(point);
      counts.merge(sight, 1, Integer::sum);
      if (sight == Sight.POSITIVE || sight == Sight.NEGATIVE) {
        if (origin != null && !haveSameFactor(origin, point)) {
          return Proportion.NONE;
        }
        origin = point;
      }
      if (isRefuted(counts)) {
        return Proportion.NONE;
      }
      if (count(counts, Sight.POSITIVE) + count(counts, Sight.NEGATIVE) == ENOUGH) {
        break;
      }
    }
    return conclusion(counts, points.size());
  }

  /** Two signs, or a side without a value where the other has one though it has some elsewhere. */
  private static boolean isRefuted(Map<Sight, Integer> counts) {
    boolean bothDefined =
        counts.containsKey(Sight.POSITIVE)
            || counts.containsKey(Sight.NEGATIVE)
            || counts.containsKey(Sight.BOTH_ZERO);
    boolean leftMissing = counts.containsKey(Sight.LEFT_UNDEFINED);
    boolean rightMissing = counts.containsKey(Sight.RIGHT_UNDEFINED);
    return counts.containsKey(Sight.NO_FACTOR)
        || (counts.containsKey(Sight.POSITIVE) && counts.containsKey(Sight.NEGATIVE))
        || (bothDefined && (leftMissing || rightMissing))
        || (leftMissing && rightMissing);
  }

  private static Proportion conclusion(Map<Sight, Integer> counts, int points) {
    int least = Math.min(LEAST, points);
    int positive = count(counts, Sight.POSITIVE);
    int negative = count(counts, Sight.NEGATIVE);
    if (positive + negative >= least) {
      return positive > 0 ? Proportion.POSITIVE : Proportion.NEGATIVE;
    }
    if (positive + negative == 0 && count(counts, Sight.BOTH_ZERO) >= least) {
      return Proportion.POSITIVE;
    }
    int undefined =
        count(counts, Sight.LEFT_UNDEFINED)
            + count(counts, Sight.RIGHT_UNDEFINED)
            + count(counts, Sight.BOTH_UNDEFINED);
    return undefined == points ? Proportion.UNDEFINED : Proportion.UNDECIDED;
  }

  private static int count(Map<Sight, Integer> counts, Sight sight) {
    return counts.getOrDefault(sight, 0);
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
      Sight oneUndefined = leftValue.isEmpty() ? Sight.LEFT_UNDEFINED : Sight.RIGHT_UNDEFINED;
      boolean both = leftValue.isEmpty() && rightValue.isEmpty();
      return Optional.of(both ? Sight.BOTH_UNDEFINED : oneUndefined);
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
    if (!factor.imaginary().containsZero()) {
      return Optional.of(Sight.NO_FACTOR);
    }
    return switch (rung.real(factor).sign()) {
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
