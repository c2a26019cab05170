package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.ConfigKeys.requirePositive;

/** AdamW and gradient clipping. */
public record OptimizerConfig(
    @Key(
            byDefault = "2.0e-6",
            bounds = "above 0 and finite",
            means = "The learning rate; under a schedule, its highest.")
        double learningRate,
    @Key(byDefault = "0.9", bounds = "in [0, 1)", means = "Decay of the first moment.")
        double beta1,
    @Key(byDefault = "0.999", bounds = "in [0, 1)", means = "Decay of the second moment.")
        double beta2,
    @Key(
            byDefault = "1.0e-8",
            bounds = "above 0 and finite",
            means = "Added to the root of the second moment.")
        double epsilon,
    @Key(
            byDefault = "0.01",
            bounds = "0 or more",
            means = "Decoupled weight decay, times the learning rate.")
        double weightDecay,
    @Key(
            byDefault = "1.0",
            bounds = "above 0 and finite",
            means = "A gradient of a larger norm is scaled down to it.")
        double maxGradientNorm,
    @Key(
            byDefault = "constant",
            means = "`cosine` falls to 0 over `training.steps` along a half cosine.")
        Schedule schedule,
    @Key(
            byDefault = "0",
            bounds = "0 or more",
            means = "Steps over which the learning rate first rises linearly from 0.")
        int warmupSteps) {

  /** What becomes of the learning rate after the warm-up. */
  public enum Schedule {
    CONSTANT,
    COSINE
  }

  public OptimizerConfig {
    requirePositive("optimizer.learning-rate", learningRate);
    requireBounds(beta1 >= 0 && beta1 < 1, "optimizer.beta1", beta1);
    requireBounds(beta2 >= 0 && beta2 < 1, "optimizer.beta2", beta2);
    requirePositive("optimizer.epsilon", epsilon);
    requireBounds(weightDecay >= 0, "optimizer.weight-decay", weightDecay);
    requirePositive("optimizer.max-gradient-norm", maxGradientNorm);
    requireBounds(warmupSteps >= 0, "optimizer.warmup-steps", warmupSteps);
  }
}
