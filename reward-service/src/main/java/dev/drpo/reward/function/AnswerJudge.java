package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.Verdict;

/** A reward function that says whether an answer is right, and why. */
public interface AnswerJudge extends RewardFunction {

  /**
   * The verdict on a response; it fails as {@link #value} does. Its outcome decides whether the
   * answer is right, its reward is the function's value.
   */
  Verdict verdict(Submission submission);

  @Override
  default double value(Submission submission) {
    return verdict(submission).getReward();
  }
}
