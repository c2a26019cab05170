package dev.drpo.planning;

import ai.djl.Device;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings.Compute;
import dev.drpo.generation.MemoryPlan;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;

/** What a configuration has one rollout replica keep on its device. */
public final class RolloutMemory {
  private RolloutMemory() {}

  /**
   * The plan of one replica, without {@link Overhead}, wherever it is asked for.
   *
   * @throws ConfigException if an engine's share of the cache does not hold a response
   */
  public static MemoryPlan of(RunConfig config, ModelConfig model) {
    RolloutConfig rollout = config.rollout();
    EngineLimits limits =
        EngineLimits.of(
                rollout.slots(),
                config.sampling().maxPromptTokens(),
                config.sampling().maxResponseTokens(),
                model)
            .withKvCacheTokens(rollout.kvCacheTokens())
            .withPrompts(rollout.prompts());
    try {
      return MemoryPlan.of(model, limits, compute(rollout), true);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** A GPU need not be there for its memory to be planned: any stands for all. */
  private static Compute compute(RolloutConfig rollout) {
    return rollout.onCpu()
        ? Compute.of(
            "cpu",
            rollout.compute().configName(),
            rollout.engines(),
            rollout.threads(),
            rollout.slots())
        : new Compute(
            Device.gpu(0), ElementType.named(rollout.compute().configName()), 1, rollout.threads());
  }

  /** What one replica takes of its GPU, or of the host on the CPU, at most. */
  public static long ofDevice(RunConfig config, ModelConfig model) {
    if (config.rollout().usesServer()) {
      // The weights at hand and the folders for the server, of which the newer is written
      // meanwhile.
      return 3 * PolicyLayout.of(model).bytes(ElementType.F32);
    }
    return of(config, model).total() + (config.rollout().onCpu() ? 0 : Overhead.GPU);
  }
}
