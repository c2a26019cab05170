package dev.drpo.judge.identity;

/**
 * Whether two expressions denote the same value or the same function.
 *
 * @param outcome what was found
 * @param method what found it
 */
public record Agreement(Outcome outcome, Method method) {

  /** What a comparison of two expressions can find. */
  public enum Outcome {
    SAME,
    DIFFERENT,
    /** The left side has no value, such as {@code 1/0}; the right side has one. */
    LEFT_UNDEFINED,
    RIGHT_UNDEFINED,
    BOTH_UNDEFINED,
    /** Too few points were found where both sides have a value. */
    UNDECIDED;

    /** Whether functions with this outcome at a point are not the same. */
    boolean isDifference() {
      return this == DIFFERENT || this == LEFT_UNDEFINED || this == RIGHT_UNDEFINED;
    }
  }

  /** How it was found, cheapest first. */
  public enum Method {
    /** The expressions are equal as written. */
    STRUCTURE,
    /** Both are rational numbers that were computed. */
    EXACT,
    /** Residues modulo large primes at random points. */
    MODULAR,
    /** Enclosures of both values at rising precision. */
    BALL
  }
}
