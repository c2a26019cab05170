package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.identity.Agreement.Outcome;
import dev.drpo.reward.judge.limit.Limit;
import dev.drpo.reward.judge.limit.LimitExceeded;
import java.util.List;

/**
 * Compares two functions at random points. One point where they differ, or where one of them has a
 * value and the other has none, tells them apart; several where they agree make them the same.
 */
final class FunctionComparison {
  private static final int ENOUGH = 5;
  private static final int LEAST = 3;

  private final PointComparison comparison;
  private final Ladder ladder;
  private final Ladder complexLadder;
  private final Sampling sampling;
  private int agreeing;
  private int leftDefined;
  private int rightDefined;
  private boolean domainsDiffer;
  private boolean tooLarge;

  /**
   * @param ladder over the numbers that the functions are compared in
   * @param complexLadder over the complex numbers
   */
  FunctionComparison(
      PointComparison comparison, Ladder ladder, Ladder complexLadder, Sampling sampling) {
    this.comparison = comparison;
    this.ladder = ladder;
    this.complexLadder = complexLadder;
    this.sampling = sampling;
  }

  Outcome outcome() {
    if (differsAt(sampling.reals())) {
      return Outcome.DIFFERENT;
    }
    if (leftDefined == 0 && rightDefined == 0 && differsAt(sampling.naturals())) {
      return Outcome.DIFFERENT;
    }
    if (agreeing >= LEAST) {
      return Outcome.SAME;
    }
    if (tooLarge) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    if (leftDefined > 0 && rightDefined == 0) {
      return Outcome.RIGHT_UNDEFINED;
    }
    if (rightDefined > 0 && leftDefined == 0) {
      return Outcome.LEFT_UNDEFINED;
    }
    return leftDefined == 0 && isUndefinedEvenInComplexNumbers()
        ? Outcome.BOTH_UNDEFINED
        : Outcome.UNDECIDED;
  }

  /** Tells {@code 1/(x-x)} from a function that is real only far away. */
  private boolean isUndefinedEvenInComplexNumbers() {
    return sampling.reals().stream()
        .limit(LEAST)
        .allMatch(point -> complexLadder.climb(point, comparison::at) == Outcome.BOTH_UNDEFINED);
  }

  private boolean differsAt(List<Point> points) {
    for (Point point : points) {
      if (agreeing == ENOUGH) {
        return false;
      }
      if (differsAt(point)) {
        return true;
      }
    }
    return false;
  }

  private boolean differsAt(Point point) {
    Outcome outcome;
    try {
      outcome = ladder.climb(point, comparison::at);
    } catch (LimitExceeded exceeded) {
      if (exceeded.limit() == Limit.STEPS) {
        throw exceeded;
      }
      // Too large here, but perhaps not elsewhere.
      tooLarge = true;
      return false;
    }
    switch (outcome) {
      case SAME -> {
        agreeing++;
        leftDefined++;
        rightDefined++;
      }
      case LEFT_UNDEFINED -> {
        rightDefined++;
        domainsDiffer = true;
      }
      case RIGHT_UNDEFINED -> {
        leftDefined++;
        domainsDiffer = true;
      }
      case DIFFERENT -> {
        return true;
      }
      case BOTH_UNDEFINED, UNDECIDED -> {}
    }
    // A side without a value here, but with one elsewhere, has a smaller domain.
    return domainsDiffer && leftDefined > 0 && rightDefined > 0;
  }
}
