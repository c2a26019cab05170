package dev.drpo.reports;

import java.util.Comparator;

/**
 * An evaluation and the policy that it is of: one line of {@code evaluations.jsonl}. {@link
 * Glossary.Section#EVALUATIONS} defines both components.
 *
 * @param step training steps that the policy has taken; 0 is the one that training starts from
 */
public record PolicyEvaluation(long step, Evaluation evaluation) {
  /**
   * Better policies come later: more accurate ones, in the mean over sets where there are any, of
   * those that are alike shorter ones, and of those that are alike in both the earlier.
   */
  static final Comparator<PolicyEvaluation> FROM_WORST_TO_BEST =
      Comparator.comparingDouble((PolicyEvaluation one) -> one.evaluation().accuracyOverSets())
          .thenComparing(
              Comparator.comparingDouble((PolicyEvaluation one) -> one.evaluation().meanLength())
                  .reversed())
          .thenComparing(Comparator.comparingLong(PolicyEvaluation::step).reversed());
}
