package dev.drpo.reward.judge;

import dev.drpo.reward.judge.number.Rational;

/** How precisely a number is written. */
sealed interface Precision {
  /** An integer or a fraction. */
  record Exact() implements Precision {}

  /**
   * A decimal, which may stand for a number that it is rounded from.
   *
   * @param lastPlace value of one unit in the last place
   * @param significantDigits digits from the first that isn't zero on
   */
  record Decimal(Rational lastPlace, int significantDigits) implements Precision {}
}
