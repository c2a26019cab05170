package dev.drpo.benchmarks.learn;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.MicroBatch;
import java.util.List;

/** How many floating-point operations a policy's passes need. */
public final class PassFlops {
  private PassFlops() {}

  /**
   * Those of a forward and a backward pass: 6 per token and parameter of the layers' matrices, 6
   * per response token and parameter of the head, and 12 per query, key and component of a query
   * head in causal attention. What is computed again is not counted.
   */
  public static double of(ModelConfig policy, List<MicroBatch> batches) {
    long width = policy.hiddenSize();
    long queries = (long) policy.heads() * policy.headSize();
    double total = 0;
    for (MicroBatch batch : batches) {
      double pairs = 0;
      for (int s = 0; s < batch.segments().length; s += 4) {
        double length = batch.segments()[s + 1];
        pairs += length * batch.segments()[s + 3] + length * (length + 1) / 2;
      }
      total +=
          6 * matrices(policy) * batch.tokens()
              + 6.0 * policy.vocabularySize() * width * batch.responseTokens()
              + 12 * pairs * queries * policy.layers();
    }
    return total;
  }

  /**
   * Those of one decode step: 2 per row and parameter of the matrices and the head, and 4 per row,
   * cached position and component of a query head.
   *
   * @param positions cached ones of each row
   */
  public static double ofDecodeStep(ModelConfig policy, int rows, long positions) {
    long queries = (long) policy.heads() * policy.headSize();
    return rows
        * (2 * (matrices(policy) + (double) policy.vocabularySize() * policy.hiddenSize())
            + 4.0 * positions * queries * policy.layers());
  }

  /** Parameters of the layers' matrices. */
  private static double matrices(ModelConfig policy) {
    long width = policy.hiddenSize();
    long queries = (long) policy.heads() * policy.headSize();
    long keys = (long) policy.keyValueHeads() * policy.headSize();
    return policy.layers()
        * (width * (queries + 2 * keys)
            + queries * width
            + 3.0 * width * policy.intermediateSize());
  }
}
