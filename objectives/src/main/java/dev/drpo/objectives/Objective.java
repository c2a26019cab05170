package dev.drpo.objectives;

import java.util.List;
import java.util.Map;

/**
 * An objective over one mini-batch of groups, to be maximised. The learner's step knows no more of
 * it than this: from log-probabilities it gives the derivative by each of them.
 *
 * <p>Implementations see the whole mini-batch at once, so that normalisers and constraints do not
 * depend on how the forward and backward passes are cut. Some remember past responses: what they
 * remember is a value that a checkpoint stores, so that a resumed run goes on as if it had never
 * stopped.
 */
public interface Objective {
  /**
   * Evaluates the objective at the current policy. It remembers nothing of it: the same groups have
   * the same evaluation until {@link #observe} says that something was learned.
   *
   * @param groups the mini-batch; never empty
   */
  Evaluation evaluate(List<Group> groups);

  /**
   * What a group needs to be learned from. Most objectives tell right responses from wrong ones,
   * and give them rewards of their own.
   */
  default Signal signal() {
    return Signal.CORRECTNESS;
  }

  /**
   * Says that a response has been learned from. Called once for each, after the update of its
   * mini-batch.
   *
   * @param question identity of its question over the run
   * @param length tokens
   */
  default void observe(String question, boolean correct, int length) {}

  /** What the objective remembers, a number by question; empty for those that remember nothing. */
  default Map<String, Long> state() {
    return Map.of();
  }

  /**
   * Takes over what an objective of the same kind remembered.
   *
   * @throws IllegalArgumentException if it can't have come from this kind of objective
   */
  default void restore(Map<String, Long> state) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException(
          "this objective remembers no past responses, but "
              + state.size()
              + " questions are remembered; restore the objective that remembered them");
    }
  }

  /**
   * What the objective is and where it rises.
   *
   * @param value its value
   * @param tokenWeights derivative of the value by the current log-probability of each token:
   *     {@code [group][response][token]}
   * @param divergence KL(old || current), estimated over the mini-batch's tokens
   */
  record Evaluation(double value, double[][][] tokenWeights, double divergence) {}
}
