package dev.drpo.judge.comparison;

import dev.drpo.judge.verdict.Rule;

/** What comparing a gold with an answer came to, and what decided. */
public record Decision(Outcome outcome, Rule rule) {

  public enum Outcome {
    EQUAL,
    DIFFERENT,
    /** The gold has no value, such as {@code 1/0}. */
    GOLD_UNDEFINED,
    /** Neither could be shown. */
    UNDECIDED
  }

  static Decision equal(Rule rule) {
    return new Decision(Outcome.EQUAL, rule);
  }

  static Decision different(Rule rule) {
    return new Decision(Outcome.DIFFERENT, rule);
  }

  public boolean isEqual() {
    return outcome == Outcome.EQUAL;
  }

  /** This decision about a part, as the decision about the whole. */
  Decision ofPart(Rule ifEqual, Rule ifDifferent) {
    return switch (outcome) {
      case EQUAL -> equal(ifEqual);
      case DIFFERENT -> rule == Rule.UNDEFINED_VALUE ? this : different(ifDifferent);
      case GOLD_UNDEFINED, UNDECIDED -> this;
    };
  }
}
