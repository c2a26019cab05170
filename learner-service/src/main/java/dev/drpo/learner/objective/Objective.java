package dev.drpo.learner.objective;

import java.util.List;

/**
 * An objective over one mini-batch of groups, to be maximised. The learner's step knows no more of
 * it than this: from log-probabilities it gives the derivative by each of them.
 *
 * <p>Implementations see the whole mini-batch at once, so that normalisers and constraints do not
 * depend on how the forward and backward passes are cut.
 */
public interface Objective {
  /**
   * Evaluates the objective at the current policy.
   *
   * @param groups the mini-batch; never empty
   */
  Evaluation evaluate(List<Group> groups);

  /**
   * What the objective is and where it rises.
   *
   * @param value its value
   * @param tokenWeights derivative of the value by the current log-probability of each token:
   *     {@code [group][response][token]}
   * @param divergence KL(old || current), the token mean of old minus current log-probabilities
   */
  record Evaluation(double value, double[][][] tokenWeights, double divergence) {}
}
