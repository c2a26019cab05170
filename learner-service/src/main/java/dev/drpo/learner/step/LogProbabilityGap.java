package dev.drpo.learner.step;

import dev.drpo.objectives.Divergence;
import java.util.Arrays;
import java.util.List;

/**
 * How far the learner's log-probabilities lie from those that the sampler gave with the same
 * weights, in nats. NaN where no token was sampled with them.
 *
 * @param mean of the magnitudes over tokens
 * @param largest magnitude
 * @param kl KL(sampler || learner): the token mean of log pi_sampler - log pi_learner, by {@link
 *     Divergence#K3}, which has the same expectation, is never negative, and is told from zero by
 *     far fewer tokens
 * @param klP99 99th percentile of the terms of that mean, by nearest rank: whether a few tokens lie
 *     far apart or all of them a little
 */
public record LogProbabilityGap(double mean, double largest, double kl, double klP99) {
  /** Between nothing. */
  public static final LogProbabilityGap NONE =
      new LogProbabilityGap(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Between what was sampled with the version of a step and what was recomputed with it. */
  public static LogProbabilityGap ofRecomputed(List<TrainingGroup> groups, long step) {
    Measure measure = new Measure();
    for (TrainingGroup group : groups) {
      for (TrainingGroup.Sample sample : group.samples()) {
        if (sample.sampledBy().step() == step) {
          measure.add(sample.logProbabilities(), sample.old());
        }
      }
    }
    return measure.result();
  }

  /** Takes in one response after the other. */
  static final class Measure {
    private double sum;
    private double largest;
    private double kl;
    private float[] terms = {};
    private int tokens;

    void add(float[] sampled, float[] learned) {
      if (tokens + sampled.length > terms.length) {
        terms = Arrays.copyOf(terms, Math.max(2 * terms.length, tokens + sampled.length));
      }
      for (int t = 0; t < sampled.length; t++) {
        double difference = (double) learned[t] - sampled[t];
        sum += Math.abs(difference);
        largest = Math.max(largest, Math.abs(difference));
        double term = Divergence.K3.term(difference);
        kl += term;
        terms[tokens++] = (float) term;
      }
    }

    LogProbabilityGap result() {
      if (tokens == 0) {
        return NONE;
      }
      Arrays.sort(terms, 0, tokens);
      return new LogProbabilityGap(
          sum / tokens, largest, kl / tokens, terms[(int) Math.ceilDiv(99L * tokens, 100) - 1]);
    }
  }
}
