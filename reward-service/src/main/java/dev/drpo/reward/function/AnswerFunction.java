package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.evaluation.MeteredJudge;
import dev.drpo.reward.judge.Policies;
import jakarta.inject.Singleton;

/** {@code answer}: 1 if the judge finds the answer right under the run's policies, else 0. */
@Singleton
class AnswerFunction implements AnswerJudge {
  private final MeteredJudge judge;
  private final Policies policies;

  AnswerFunction(MeteredJudge judge, Policies policies) {
    this.judge = judge;
    this.policies = policies;
  }

  @Override
  public String name() {
    return "answer";
  }

  @Override
  public Verdict verdict(Submission submission) {
    return judge.judge(
        submission.response(), submission.golds(), policies, submission.finishReason());
  }
}
