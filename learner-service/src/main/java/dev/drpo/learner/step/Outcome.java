package dev.drpo.learner.step;

import java.util.List;

/** Whether an update changed the policy. */
public sealed interface Outcome {
  /**
   * It did.
   *
   * @param gradientNorm global norm before clipping
   */
  record Applied(double gradientNorm) implements Outcome {}

  /**
   * It did not, for a number was not finite; weights and moments are as they were.
   *
   * @param reason which number
   * @param groups those that it comes from, or the whole mini-batch where it can't be told
   */
  record Skipped(String reason, List<TrainingGroup> groups) implements Outcome {}
}
