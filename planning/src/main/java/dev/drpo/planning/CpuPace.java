package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.RunConfig;
import java.util.OptionalDouble;

/**
 * What a run asks of a machine's CPU, by the {@link TimeModel} with responses of half the budget.
 */
public final class CpuPace {
  private CpuPace() {}

  /**
   * Seconds of a step that the CPU is busy with; what runs on GPUs, or in a server, is left out.
   */
  public static double seconds(RunConfig config, ModelConfig model, int processors) {
    TimeModel time =
        new TimeModel(
            model,
            Card.cpu(processors, 0),
            Rates.CPU,
            Lengths.of(config.sampling(), OptionalDouble.empty()));
    return (config.training().onCpu() ? time.learning(config) : 0)
        + (config.rollout().onCpu() && !config.rollout().usesServer()
            ? time.generation(config, 1, RolloutChoices.cachedTokens(config))
            : 0);
  }
}
