package dev.drpo.evaluation;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Verdict;
import java.util.List;

/**
 * Judges responses as a run rewards them: the whole text counts, and a response that its budget
 * ended is right if its box is. Safe for use by many threads.
 *
 * @param conventions what counts as equal, and what a response must look like
 */
public record SampleJudge(Judge judge, Conventions conventions) {

  /**
   * Judges one response.
   *
   * @param response the whole text, reasoning included
   * @param golds the right answers, none of them blank
   * @param length in tokens
   * @param truncated whether the response budget ended it
   */
  public JudgedSample judge(String response, List<String> golds, int length, boolean truncated) {
    Verdict verdict = judge.judge(response, golds, conventions);
    return new JudgedSample(
        Outcome.of(verdict),
        verdict.evidence().rule(),
        verdict.evidence().extracted(),
        length,
        truncated);
  }

  /** Whether two answers are the same one: as texts, or with either as the gold of the other. */
  public boolean same(String one, String other) {
    return one.equals(other) || equal(one, other) || equal(other, one);
  }

  private boolean equal(String gold, String answer) {
    return !gold.isBlank() && judge.compare(gold, answer, conventions) instanceof Verdict.Equal;
  }
}
