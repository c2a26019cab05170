package dev.drpo.cli.quickstart;

import dev.drpo.runtime.config.RunConfig;

/**
 * A run that can be started: its configuration is valid, its paths are absolute, its inputs exist.
 *
 * @param rollouts number of rollout replicas
 */
public record RunPlan(RunFolder folder, RunConfig config, int rollouts) {}
