package dev.drpo.learner.objective;

import dev.drpo.runtime.config.RunConfig;

/** Makes the objective that a configuration names. */
public final class Objectives {
  private Objectives() {}

  public static Objective of(RunConfig.Objective settings, int lengthBudget) {
    return switch (settings.name()) {
      case "drpo" -> drpo(settings, lengthBudget, settings.lambda());
      case "disco" -> drpo(settings, lengthBudget, Double.POSITIVE_INFINITY);
      case "grpo" -> new Grpo(settings.clip());
      default -> throw new IllegalArgumentException("unknown objective " + settings.name());
    };
  }

  private static Drpo drpo(RunConfig.Objective settings, int lengthBudget, double lambda) {
    return new Drpo(lengthBudget, lambda, settings.tau(), settings.delta(), settings.beta());
  }
}
