package dev.drpo.learner.step;

import dev.drpo.objectives.Judged;
import dev.drpo.objectives.Signal;
import dev.drpo.objectives.TokenSpan;
import dev.drpo.policy.checkpoint.PolicyVersion;
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
   * @param old one per token, under the policy that the update starts from
   * @param correct whether the verdict's outcome is that the answer is right
   * @param reward the verdict's reward
   * @param truncated whether the length budget ended it
   * @param sampledBy oldest policy version among its tokens
   * @param tail what a right response reasons after the answer; empty where that is of no interest
   */
  public record Sample(
      int[] tokens,
      float[] logProbabilities,
      float[] old,
      boolean correct,
      double reward,
      boolean truncated,
      PolicyVersion sampledBy,
      TokenSpan tail)
      implements Judged {
    public Sample {
      if (tokens.length == 0
          || tokens.length != logProbabilities.length
          || tokens.length != old.length) {
        throw new IllegalArgumentException(
            "a sample needs one log-probability per token, not "
                + logProbabilities.length
                + " and "
                + old.length
                + " for "
                + tokens.length);
      }
    }

    /** A sample whose update starts from the policy that sampled it. */
    public Sample(
        int[] tokens,
        float[] logProbabilities,
        boolean correct,
        double reward,
        boolean truncated,
        PolicyVersion sampledBy,
        TokenSpan tail) {
      this(tokens, logProbabilities, logProbabilities, correct, reward, truncated, sampledBy, tail);
    }

    /** The same without a tail. */
    public Sample(
        int[] tokens,
        float[] logProbabilities,
        boolean correct,
        double reward,
        boolean truncated,
        PolicyVersion sampledBy) {
      this(tokens, logProbabilities, correct, reward, truncated, sampledBy, TokenSpan.NONE);
    }

    @Override
    public int length() {
      return tokens.length;
    }

    /** The same with other log-probabilities under the policy that the update starts from. */
    public Sample withOld(float[] recomputed) {
      return new Sample(
          tokens, logProbabilities, recomputed, correct, reward, truncated, sampledBy, tail);
    }

    /**
     * log(old / sampled probability) of a token: how much likelier it is under the policy that the
     * update starts from than under the one that sampled it.
     */
    double drift(int token) {
      return (double) old[token] - logProbabilities[token];
    }
  }

  /** Whether it has what an objective needs to tell its responses apart by. */
  public boolean has(Signal signal) {
    return signal.in(samples);
  }

  /** The same question with other samples of it. */
  TrainingGroup with(List<Sample> others) {
    return new TrainingGroup(prompt, promptTokens, others);
  }

  /** Response tokens of the whole group. */
  public long responseTokens() {
    return samples.stream().mapToLong(sample -> sample.tokens().length).sum();
  }
}
