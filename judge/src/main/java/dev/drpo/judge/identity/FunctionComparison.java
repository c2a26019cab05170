package dev.drpo.judge.identity;

import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.number.NoValue;
import java.util.stream.Stream;

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
  private final boolean branched;
  private int agreeing;
  private int leftDefined;
  private int rightDefined;
  private boolean domainsDiffer;
  private boolean tooLarge;

  /**
   * @param ladder over the numbers that the functions are compared in
   * @param complexLadder over the complex numbers
   * @param branched whether the functions may agree here and differ there
   */
  FunctionComparison(
      PointComparison comparison,
      Ladder ladder,
      Ladder complexLadder,
      Sampling sampling,
      boolean branched) {
    this.comparison = comparison;
    this.ladder = ladder;
    this.complexLadder = complexLadder;
    this.sampling = sampling;
    this.branched = branched;
  }

  Outcome outcome() {
    if (differsAt(sampling.reals()) || (branched && differsSomewhere())) {
      return Outcome.DIFFERENT;
    }
    if (agreeing >= LEAST) {
      return Outcome.SAME;
    }
    if ((leftDefined == 0 || rightDefined == 0) && differsAtNaturals()) {
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

  /**
   * Looks for a difference all over the line, at low precision, as none is proven by agreement. If
   * little has been compared so far, these points count like the others.
   */
  private boolean differsSomewhere() {
    boolean differs =
        agreeing < ENOUGH
            ? differsAt(sampling.breadth())
            : sampling.breadth().anyMatch(this::differsAtAGlance);
    // Rounded functions may agree everywhere but at whole numbers.
    return differs || (agreeing > 0 && sampling.naturals().anyMatch(this::differsAtAGlance));
  }

  private boolean differsAtAGlance(Point point) {
    try {
      return comparison.at(ladder.rung(point, Long.SIZE)).filter(Outcome::isDifference).isPresent();
    } catch (LimitExceeded exceeded) {
      if (exceeded.limit() == Limit.STEPS) {
        throw exceeded;
      }
      return false;
    } catch (NoValue unsettled) {
      return false;
    }
  }

  /**
   * Compares anew at natural numbers, since {@code (-1)^n} and {@code n!} are functions of no
   * others. All of them count: two such functions may agree at every second one.
   */
  private boolean differsAtNaturals() {
    agreeing = 0;
    leftDefined = 0;
    rightDefined = 0;
    domainsDiffer = false;
    return sampling.naturals().anyMatch(this::differsAt);
  }

  /** Tells {@code 1/(x-x)} from a function that is real only far away. */
  private boolean isUndefinedEvenInComplexNumbers() {
    return sampling
        .reals()
        .limit(LEAST)
        .allMatch(point -> complexLadder.climb(point, comparison::at) == Outcome.BOTH_UNDEFINED);
  }

  private boolean differsAt(Stream<Point> points) {
    return points.takeWhile(_ -> agreeing < ENOUGH).anyMatch(this::differsAt);
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
