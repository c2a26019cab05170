package dev.drpo.judge.identity;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.number.NoValue;
import java.util.Optional;

/**
 * Precisions to try, lowest first, until a step decides. Only from {@link #sufficient} on may
 * enclosures that overlap count as equal.
 */
final class Ladder {
  private static final int LOWEST = 64;
  private static final int MIDDLE = 1024;
  private static final int HIGHEST = 1 << 16;

  /** Bits that equal values must agree in beyond what their literals could hide. */
  private static final int AGREEING_BITS = 128;

  private final Traits traits;
  private final boolean onlyReals;
  private final ExactEvaluation exact;
  private final Budget budget;

  /** Tries to decide at one precision; empty if a higher one is needed. */
  interface Step<T> {
    Optional<T> at(Rung rung);
  }

  /**
   * @param traits of both expressions
   */
  Ladder(Traits traits, boolean onlyReals, ExactEvaluation exact, Budget budget) {
    this.traits = traits;
    this.onlyReals = onlyReals;
    this.exact = exact;
    this.budget = budget;
  }

  /** The lowest precision that lets overlapping enclosures count as equal. */
  int sufficient() {
    return agreeingBits() + Long.SIZE;
  }

  private int agreeingBits() {
    return AGREEING_BITS + traits.weight();
  }

  /** A rung at a precision, whether or not it suffices for equality. */
  Rung rung(Point point, int precision) {
    boolean settles = precision >= sufficient();
    BallEvaluation evaluation =
        new BallEvaluation(point, onlyReals, precision, settles, exact, budget);
    return new Rung(evaluation, agreeingBits(), settles);
  }

  /**
   * The first decision.
   *
   * @throws LimitExceeded if even the highest precision doesn't decide
   */
  <T> T climb(Point point, Step<T> step) {
    int precision = LOWEST;
    while (precision <= HIGHEST) {
      Rung rung = rung(point, precision);
      Optional<T> decision = attempt(step, rung);
      if (decision.isPresent()) {
        return decision.get();
      }
      precision = next(rung);
    }
    throw new LimitExceeded(Limit.NUMBER_SIZE);
  }

  private static <T> Optional<T> attempt(Step<T> step, Rung rung) {
    try {
      return step.at(rung);
    } catch (NoValue reason) {
      if (!reason.isCertain()) {
        return Optional.empty();
      }
      throw reason;
    }
  }

  private int next(Rung rung) {
    int precision = rung.precision();
    if (precision < sufficient()) {
      // A long way up is broken once, since most values differ early.
      return precision < MIDDLE && sufficient() > 2 * MIDDLE ? MIDDLE : sufficient();
    }
    // An addend of 2^-gap may be felt only by its square, as in √(1+d) = 1 + d/2 - d²/8 + …
    long visible = 2L * rung.gap() + AGREEING_BITS + Long.SIZE;
    long wider = precision + (rung.missingBits() > 0 ? rung.missingBits() + 16L : precision);
    return (int) Math.min(Math.max(wider, visible), HIGHEST + 1);
  }
}
