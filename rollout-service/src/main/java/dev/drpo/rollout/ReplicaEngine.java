package dev.drpo.rollout;

import dev.drpo.engines.Deadlines;
import dev.drpo.engines.ExternalEngine;
import dev.drpo.engines.ExternalEngineSettings;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.MemoryPlan;
import dev.drpo.generation.SamplingEngine;
import dev.drpo.generation.SwapInFlight;
import dev.drpo.generation.WeightUpdatePolicy;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;
import org.jboss.logging.Logger;

/** Starts the engine that a configuration names, on the starting policy. */
final class ReplicaEngine {
  private static final Logger LOG = Logger.getLogger(ReplicaEngine.class);

  private ReplicaEngine() {}

  /**
   * Starts it.
   *
   * @throws dev.drpo.policy.PolicyFormatException if the policy folder can't be used
   * @throws dev.drpo.generation.InsufficientMemoryException if an embedded engine does not fit into
   *     memory
   */
  static SamplingEngine start(RunConfig config, PolicyFolder folder, PolicyTokenizer tokenizer) {
    return switch (config.rollout().engine()) {
      case EMBEDDED -> GenerationEngine.start(embedded(config, folder, tokenizer));
      case VLLM -> server(config, folder, tokenizer, ExternalEngineSettings.Server.VLLM);
      case SGLANG -> server(config, folder, tokenizer, ExternalEngineSettings.Server.SGLANG);
    };
  }

  private static SamplingEngine server(
      RunConfig config,
      PolicyFolder folder,
      PolicyTokenizer tokenizer,
      ExternalEngineSettings.Server server) {
    RolloutConfig rollout = config.rollout();
    folder.requireLoadable();
    LOG.infof(
        "%s at %s samples, %d responses at once, with weights in %s that are written to %s",
        rollout.engine().configName(),
        rollout.engineAddress(),
        rollout.slots(),
        rollout.compute().configName(),
        rollout.engineFolder());
    return ExternalEngine.start(
        new ExternalEngineSettings(
            server,
            rollout.engineAddress(),
            folder,
            starting(folder),
            rollout.engineFolder(),
            ElementType.named(rollout.compute().configName()),
            tokenizer.endOfSequence(),
            limits(config, folder.config()),
            weightUpdates(rollout),
            Deadlines.USUAL));
  }

  private static PolicyVersion starting(PolicyFolder folder) {
    try (Safetensors weights = folder.openWeights()) {
      PolicyVersion version = new PolicyVersion(0, PolicyDigest.of(weights));
      LOG.infof("starting policy %s from %s", version, folder.path());
      LOG.infof(
          "the checkpoint suggests for sampling: %s; the run's own settings hold",
          folder.generation().suggestionsText());
      return version;
    }
  }

  private static EngineLimits limits(RunConfig config, ModelConfig model) {
    return EngineLimits.of(
        config.rollout().slots(),
        config.sampling().maxPromptTokens(),
        config.sampling().maxResponseTokens(),
        model);
  }

  private static EngineSettings embedded(
      RunConfig config, PolicyFolder folder, PolicyTokenizer tokenizer) {
    ModelConfig model = folder.config();
    EngineLimits limits =
        limits(config, model)
            .withKvCacheTokens(config.rollout().kvCacheTokens())
            .withPrompts(config.rollout().prompts());
    EngineSettings.Compute compute = compute(config.rollout());
    VectorModule.require(model, compute, ModuleLayer.boot());
    MemoryPlan plan = plan(model, limits, compute);
    LOG.infof(
        "memory on %s for %d slots of %d prompt and %d response tokens, %s, shared out to %d"
            + " engines, in %s: %s",
        config.rollout().device(),
        limits.slots(),
        limits.promptTokens(),
        limits.responseTokens(),
        limits.kvCacheTokens() == 0
            ? "each in a place of its own"
            : limits.kvCacheTokens() + " for all responses together",
        compute.engines(),
        config.rollout().compute().configName(),
        plan);
    plan.requireFits();
    return new EngineSettings(
        model,
        folder.weightsFile(),
        starting(folder),
        tokenizer.endOfSequence(),
        limits,
        compute,
        weightUpdates(config.rollout()));
  }

  private static MemoryPlan plan(
      ModelConfig model, EngineLimits limits, EngineSettings.Compute compute) {
    try {
      return MemoryPlan.of(model, limits, compute, true);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static EngineSettings.Compute compute(RolloutConfig config) {
    try {
      return EngineSettings.Compute.of(
          config.device(),
          config.compute().configName(),
          config.engines(),
          config.threads(),
          config.slots());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("rollout.devices is " + config.device() + ": " + e.getMessage());
    }
  }

  private static WeightUpdatePolicy weightUpdates(RolloutConfig config) {
    return switch (config.weightUpdates()) {
      case FINISH_THEN_SWAP -> new FinishThenSwap();
      case SWAP_IN_FLIGHT -> new SwapInFlight();
    };
  }
}
