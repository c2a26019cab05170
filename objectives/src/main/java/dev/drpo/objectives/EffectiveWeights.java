package dev.drpo.objectives;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an objective makes of one group at the sampling policy: the derivative of its value by each
 * response's mean token log-probability, where all responses have the same one and the group is the
 * whole mini-batch.
 */
public final class EffectiveWeights {
  /** Any value does: only differences of log-probabilities count. */
  private static final float LOG_PROBABILITY = -1;

  private static final String QUESTION = "explained";

  private EffectiveWeights() {}

  /**
   * Evaluates an objective as training does; no response is truncated. One that remembers past
   * responses has seen this group once before.
   *
   * @param rewards one for each response; above zero is correct
   * @param lengths their tokens, as many
   * @throws IllegalArgumentException if there are no responses, or not as many of both
   */
  public static double[] of(Objective objective, double[] rewards, int[] lengths) {
    if (rewards.length != lengths.length) {
      throw new IllegalArgumentException(
          "each response has one reward and one length, not %d and %d in all"
              .formatted(rewards.length, lengths.length));
    }
    List<Response> responses = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      float[] logProbabilities = new float[lengths[i]];
      Arrays.fill(logProbabilities, LOG_PROBABILITY);
      boolean correct = rewards[i] > 0;
      responses.add(new Response(correct, rewards[i], logProbabilities, logProbabilities));
      objective.observe(QUESTION, correct, lengths[i]);
    }
    double[][] weights =
        objective.evaluate(List.of(new Group(QUESTION, responses))).tokenWeights()[0];
    // A change of the mean is a change of every token by as much.
    return Arrays.stream(weights).mapToDouble(tokens -> Arrays.stream(tokens).sum()).toArray();
  }
}
