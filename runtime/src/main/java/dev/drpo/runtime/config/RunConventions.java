package dev.drpo.runtime.config;

import dev.drpo.judge.convention.Conventions;
import java.util.Map;

/** The judge's conventions as a run sets them. */
public final class RunConventions {
  private RunConventions() {}

  /**
   * The judge's defaults, less what the run sets anew.
   *
   * @throws ConfigException if the run names an unknown convention or value
   */
  public static Conventions of(RunConfig.Reward configuration) {
    try {
      return Conventions.DEFAULT
          .with(Map.of("require-think", Boolean.toString(configuration.requireThink())))
          .with(configuration.conventions());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("reward.conventions: " + e.getMessage());
    }
  }
}
