package dev.drpo.judge.verdict;

/** The kinds of verdict by the names that output lines carry. */
public enum Outcome {
  EQUAL,
  NOT_EQUAL,
  NO_ANSWER,
  UNPARSEABLE,
  BUDGET_EXCEEDED,
  INVALID_GOLD;

  public static Outcome of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Equal _ -> EQUAL;
      case Verdict.NotEqual _ -> NOT_EQUAL;
      case Verdict.NoAnswer _ -> NO_ANSWER;
      case Verdict.Unparseable _ -> UNPARSEABLE;
      case Verdict.BudgetExceeded _ -> BUDGET_EXCEEDED;
      case Verdict.InvalidGold _ -> INVALID_GOLD;
    };
  }

  /** What a response with this outcome is worth: 1 if it is right, else 0. */
  public double reward() {
    return this == EQUAL ? 1 : 0;
  }
}
