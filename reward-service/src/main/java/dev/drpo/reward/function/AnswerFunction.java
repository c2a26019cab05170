package dev.drpo.reward.function;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.evaluation.MeteredJudge;
import jakarta.inject.Singleton;

/** {@code answer}: 1 if the judge finds the answer right under the run's conventions, else 0. */
@Singleton
class AnswerFunction implements AnswerJudge {
  private final MeteredJudge judge;
  private final Conventions conventions;

  AnswerFunction(MeteredJudge judge, Conventions conventions) {
    this.judge = judge;
    this.conventions = conventions;
  }

  @Override
  public String name() {
    return "answer";
  }

  @Override
  public Verdict verdict(Submission submission) {
    return judge.judge(
        submission.response(), submission.golds(), conventions, submission.finishReason());
  }
}
