package dev.drpo.reward.function;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.evaluation.MeteredJudge;
import dev.drpo.runtime.config.RunConfig;
import jakarta.inject.Singleton;

/**
 * {@code answer}: 1 if the judge finds the answer right under the run's conventions, else 0. Where
 * the run's objective asks for it, the verdict says where the reasoning has the answer.
 */
@Singleton
class AnswerFunction implements AnswerJudge {
  private final MeteredJudge judge;
  private final Conventions conventions;
  private final boolean findsTails;

  AnswerFunction(MeteredJudge judge, Conventions conventions, RunConfig configuration) {
    this.judge = judge;
    this.conventions = conventions;
    this.findsTails = configuration.objective().cutsAfterAnswer();
  }

  @Override
  public String name() {
    return "answer";
  }

  @Override
  public Verdict verdict(Submission submission) {
    return findsTails
        ? judge.judgeWithTail(
            submission.response(), submission.golds(), conventions, submission.finishReason())
        : judge.judge(
            submission.response(), submission.golds(), conventions, submission.finishReason());
  }
}
