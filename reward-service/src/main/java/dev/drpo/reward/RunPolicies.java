package dev.drpo.reward;

import dev.drpo.reward.judge.Policies;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import java.util.Map;

/** The judge's policies as a run sets them. */
public final class RunPolicies {
  private RunPolicies() {}

  /**
   * The judge's defaults, less what the run sets anew.
   *
   * @throws ConfigException if the run names an unknown policy or value
   */
  public static Policies of(RunConfig.Reward configuration) {
    try {
      return Policies.DEFAULT
          .with(Map.of("require-think", Boolean.toString(configuration.requireThink())))
          .with(configuration.policies());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("reward.policies: " + e.getMessage());
    }
  }
}
