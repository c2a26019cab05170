package dev.drpo.cli.run;

import dev.drpo.runtime.config.RunConfig;
import java.util.Optional;

/**
 * A run that can be started: its configuration is valid, its paths are absolute, its inputs exist.
 *
 * @param rollouts number of rollout replicas
 * @param broker address of the broker that it uses; empty for one of its own
 */
public record RunPlan(RunFolder folder, RunConfig config, int rollouts, Optional<String> broker) {
  /** A run with a broker of its own. */
  public RunPlan(RunFolder folder, RunConfig config, int rollouts) {
    this(folder, config, rollouts, Optional.empty());
  }
}
