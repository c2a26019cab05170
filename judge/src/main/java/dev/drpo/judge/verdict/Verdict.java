package dev.drpo.judge.verdict;

import dev.drpo.judge.limit.Limits;

/**
 * The outcome of judging one response. Only {@link Equal} is worth a reward; the others are kept
 * apart, since an answer that the verifier can't read is no proof of a wrong one.
 */
public sealed interface Verdict {

  /** What the verdict rests on. */
  Evidence evidence();

  /** The answer equals a gold. */
  record Equal(Evidence evidence) implements Verdict {}

  /** The answer was understood and differs from every gold. */
  record NotEqual(Evidence evidence) implements Verdict {}

  /** The response gives no answer where one is looked for. */
  record NoAnswer(Evidence evidence) implements Verdict {}

  /** The answer or a gold is outside the grammar, and their texts differ. */
  record Unparseable(Evidence evidence) implements Verdict {}

  /** Deciding would take more than {@link Limits} allow. */
  record BudgetExceeded(Evidence evidence) implements Verdict {}

  /** The caller's gold is empty or has no value. */
  record InvalidGold(Evidence evidence) implements Verdict {}

  /**
   * What a verdict rests on.
   *
   * @param rule the rule that decided
   * @param extracted the answer as written, empty if there is none
   * @param normalGold the normal form of the gold that decided, or its text if it has none
   * @param normalAnswer the normal form of the answer, or its text if it has none
   * @param steps elementary steps used for the whole judgement
   */
  record Evidence(
      Rule rule, String extracted, String normalGold, String normalAnswer, long steps) {}
}
