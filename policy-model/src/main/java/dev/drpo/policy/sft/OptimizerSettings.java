package dev.drpo.policy.sft;

import dev.drpo.policy.trainer.PolicyTrainer.AdamW;

/**
 * AdamW but for the learning rate, with bounds checked; names in messages are those of recipes.
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled, times the learning rate
 * @param maxGradientNorm a gradient of a larger norm is scaled down to it
 */
public record OptimizerSettings(
    double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
  public OptimizerSettings {
    require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "in [0, 1)");
    require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "in [0, 1)");
    require(epsilon > 0 && Double.isFinite(epsilon), "epsilon", epsilon, "above 0 and finite");
    require(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weight-decay",
        weightDecay,
        "0 or more and finite");
    require(
        maxGradientNorm > 0 && Double.isFinite(maxGradientNorm),
        "max-gradient-norm",
        maxGradientNorm,
        "above 0 and finite");
  }

  private static void require(boolean holds, String key, double value, String bounds) {
    if (!holds) {
      throw new IllegalArgumentException(key + " is " + value + "; it must be " + bounds);
    }
  }

  AdamW at(double learningRate) {
    return new AdamW(learningRate, beta1, beta2, epsilon, weightDecay, maxGradientNorm);
  }
}
