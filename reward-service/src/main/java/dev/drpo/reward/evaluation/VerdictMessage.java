package dev.drpo.reward.evaluation;

import dev.drpo.judge.ReasoningTail;
import dev.drpo.judge.verdict.Verdict;
import dev.drpo.proto.records.v1.Outcome;

/** A verdict as records and responses carry it. */
final class VerdictMessage {
  private static final double RIGHT = 1;
  private static final double WRONG = 0;

  private VerdictMessage() {}

  static dev.drpo.proto.records.v1.Verdict of(Verdict verdict, boolean truncated) {
    Verdict.Evidence evidence = verdict.evidence();
    return dev.drpo.proto.records.v1.Verdict.newBuilder()
        .setOutcome(outcome(verdict))
        .setReward(verdict instanceof Verdict.Equal ? RIGHT : WRONG)
        .setRule(evidence.rule().id())
        .setExtracted(evidence.extracted())
        .setNormalGold(evidence.normalGold())
        .setNormalAnswer(evidence.normalAnswer())
        .setSteps(evidence.steps())
        .setTruncated(truncated)
        .build();
  }

  /** Adds a tail; records count code points, and Java does not. */
  static dev.drpo.proto.records.v1.Verdict withTail(
      dev.drpo.proto.records.v1.Verdict verdict, String response, ReasoningTail tail) {
    return verdict.toBuilder()
        .setTailStart(response.codePointCount(0, tail.start()))
        .setTailEnd(response.codePointCount(0, tail.end()))
        .build();
  }

  private static Outcome outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Equal equal -> Outcome.OUTCOME_EQUAL;
      case Verdict.NotEqual notEqual -> Outcome.OUTCOME_NOT_EQUAL;
      case Verdict.NoAnswer noAnswer -> Outcome.OUTCOME_NO_ANSWER;
      case Verdict.Unparseable unparseable -> Outcome.OUTCOME_UNPARSEABLE;
      case Verdict.BudgetExceeded exceeded -> Outcome.OUTCOME_BUDGET_EXCEEDED;
      case Verdict.InvalidGold invalid -> Outcome.OUTCOME_INVALID_GOLD;
    };
  }
}
