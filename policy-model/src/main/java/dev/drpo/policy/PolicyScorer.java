package dev.drpo.policy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Log-probabilities of given tokens by the trainer's own forward pass, for callers that never
 * train: without gradients and moments it takes a quarter of a trainer's memory. One thread may use
 * it.
 */
public final class PolicyScorer implements AutoCloseable {
  private final Decoder decoder;

  /**
   * Scores with a policy.
   *
   * @param decoder the policy; the scorer owns it from now on
   */
  public PolicyScorer(Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Runs the forward pass.
   *
   * @param temperature divides the logits; above 0
   * @return one natural logarithm per response token, in the batch's order
   */
  public float[] logProbabilities(MicroBatch batch, double temperature) {
    try (NDManager step = decoder.manager().newSubManager()) {
      return decoder
          .script()
          .tensor(
              step,
              "log_probabilities",
              step.create(batch.ids(), new Shape(batch.rows(), batch.columns())),
              step.create(batch.select()),
              step.create(batch.labels()),
              temperature,
              false)
          .toFloatArray();
    }
  }

  /** The architecture. */
  public ModelConfig config() {
    return decoder.config();
  }

  @Override
  public void close() {
    decoder.close();
  }
}
