package dev.drpo.reward.evaluation;

import dev.drpo.judge.Explanation;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.RewardMeters;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;

/** Judges, and counts every verdict by outcome and rule, so that none is a silent 0. */
@Singleton
public class MeteredJudge {
  private final Judge judge;
  private final RewardMeters meters;

  MeteredJudge(Judge judge, RewardMeters meters) {
    this.judge = judge;
    this.meters = meters;
  }

  /** See {@link Judge#judge}; a response that its token budget ended is marked, no more. */
  public Verdict judge(
      String response, List<String> golds, Conventions conventions, FinishReason end) {
    return metered(() -> judge.judge(response, golds, conventions), end);
  }

  /**
   * The same, and where a right response has the answer before its reasoning ends; see {@link
   * Judge#tail}.
   */
  public Verdict judgeWithTail(
      String response, List<String> golds, Conventions conventions, FinishReason end) {
    Verdict verdict = judge(response, golds, conventions, end);
    return verdict.getOutcome() != Outcome.OUTCOME_EQUAL
        ? verdict
        : judge
            .tail(response, golds, conventions)
            .map(tail -> VerdictMessage.withTail(verdict, response, tail))
            .orElse(verdict);
  }

  /** Judges a bare answer: no box, no reasoning. Any gold that it equals makes it right. */
  public Verdict compare(
      String answer, List<String> golds, Conventions conventions, FinishReason end) {
    return metered(() -> judge.compare(golds, answer, conventions), end);
  }

  /** See {@link Judge#explain}. */
  public Explanation explain(String gold, String answer, Conventions conventions) {
    return judge.explain(gold, answer, conventions);
  }

  private Verdict metered(Supplier<dev.drpo.judge.verdict.Verdict> judging, FinishReason end) {
    long start = System.nanoTime();
    Verdict verdict = VerdictMessage.of(judging.get(), end == FinishReason.FINISH_REASON_LENGTH);
    meters.judged(verdict, System.nanoTime() - start);
    return verdict;
  }
}
