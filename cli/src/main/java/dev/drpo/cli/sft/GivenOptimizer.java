package dev.drpo.cli.sft;

import dev.drpo.policy.sft.OptimizerSettings;
import java.util.Optional;

/** The optimizer as it was given: what is empty has its default. */
record GivenOptimizer(
    Optional<Double> beta1,
    Optional<Double> beta2,
    Optional<Double> epsilon,
    Optional<Double> weightDecay,
    Optional<Double> maxGradientNorm) {
  static final double DEFAULT_BETA1 = 0.9;
  static final double DEFAULT_BETA2 = 0.98;
  static final double DEFAULT_EPSILON = 1e-8;
  static final double DEFAULT_WEIGHT_DECAY = 0.01;
  static final double DEFAULT_MAX_GRADIENT_NORM = 1;

  /**
   * The settings.
   *
   * @throws IllegalArgumentException if a value is impossible; the message begins with its name
   */
  OptimizerSettings settings() {
    return new OptimizerSettings(
        beta1.orElse(DEFAULT_BETA1),
        beta2.orElse(DEFAULT_BETA2),
        epsilon.orElse(DEFAULT_EPSILON),
        weightDecay.orElse(DEFAULT_WEIGHT_DECAY),
        maxGradientNorm.orElse(DEFAULT_MAX_GRADIENT_NORM));
  }
}
