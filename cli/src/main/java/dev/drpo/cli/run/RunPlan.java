package dev.drpo.cli.run;

import dev.drpo.runtime.config.RunConfig;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A run that can be started: its configuration is valid, its paths are absolute, its inputs exist.
 *
 * @param replicas the device of each rollout replica
 * @param broker address of the broker that it uses; empty for one of its own
 */
public record RunPlan(
    RunFolder folder, RunConfig config, List<String> replicas, Optional<String> broker) {
  public RunPlan {
    replicas = List.copyOf(replicas);
  }

  /** A run on the CPU with a broker of its own. */
  public RunPlan(RunFolder folder, RunConfig config, int rollouts) {
    this(folder, config, Collections.nCopies(rollouts, "cpu"), Optional.empty());
  }

  /** Number of rollout replicas. */
  public int rollouts() {
    return replicas.size();
  }
}
