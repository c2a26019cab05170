package dev.drpo.objectives;

/**
 * lambda of Eq. 6 (arXiv 2510.04474), the temperature of the length reward: the lower, the more a
 * short correct response outweighs a long one.
 */
@FunctionalInterface
public interface Temperature {
  /** Above zero, and infinite for uniform weights. */
  double of(Group group);

  /** The same for all questions. */
  static Temperature fixed(double lambda) {
    return group -> lambda;
  }

  /**
   * 1 - solve rate: the easier a question, the more its length counts. Groups without a wrong
   * response, where this is zero, have no weights to temper.
   */
  static Temperature adaptive() {
    return group -> 1 - group.solveRate();
  }
}
