package dev.drpo.evaluation;

import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Rule;

/**
 * One response and what was decided about it.
 *
 * @param outcome what the judge found
 * @param rule by which rule
 * @param answer as written in the response; empty if it gives none
 * @param length in tokens, the end-of-sequence token included
 * @param truncated whether the response budget ended it
 */
public record JudgedSample(
    Outcome outcome, Rule rule, String answer, int length, boolean truncated) {
  public JudgedSample {
    if (length < 0) {
      throw new IllegalArgumentException("a response of " + length + " tokens; it has 0 or more");
    }
  }

  /** Whether the answer equals a gold. */
  public boolean right() {
    return outcome == Outcome.EQUAL;
  }
}
