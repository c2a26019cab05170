package dev.drpo.learner.step;

import java.util.List;

/**
 * A question with its sampled and judged responses, ready to learn from.
 *
 * @param prompt the question's id
 * @param promptTokens the rendered prompt
 * @param samples at least one
 */
public record TrainingGroup(String prompt, int[] promptTokens, List<Sample> samples) {
  public TrainingGroup {
    samples = List.copyOf(samples);
    if (samples.isEmpty() || promptTokens.length == 0) {
      throw new IllegalArgumentException(
          "group " + prompt + " needs prompt tokens and at least one sample");
    }
  }

  /**
   * One response.
   *
   * @param tokens its token ids
   * @param logProbabilities one per token, under the policy that sampled it
   * @param correct whether the verdict's outcome is that the answer is right
   * @param reward the verdict's reward
   * @param truncated whether the length budget ended it
   * @param policyStep oldest policy version among its tokens
   */
  public record Sample(
      int[] tokens,
      float[] logProbabilities,
      boolean correct,
      double reward,
      boolean truncated,
      long policyStep) {
    public Sample {
      if (tokens.length == 0 || tokens.length != logProbabilities.length) {
        throw new IllegalArgumentException(
            "a sample needs one log-probability per token, not "
                + logProbabilities.length
                + " for "
                + tokens.length);
      }
    }
  }

  /** Response tokens of the whole group. */
  public long responseTokens() {
    return samples.stream().mapToLong(sample -> sample.tokens().length).sum();
  }
}
