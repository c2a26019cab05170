package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import jakarta.inject.Singleton;

/** A judge as somebody else would add it. */
@Singleton
class AlwaysRightFunction implements AnswerJudge {
  @Override
  public String name() {
    return "always-right";
  }

  @Override
  public Verdict verdict(Submission submission) {
    return Verdict.newBuilder()
        .setOutcome(Outcome.OUTCOME_EQUAL)
        .setReward(1)
        .setRule("by-decree")
        .build();
  }
}
