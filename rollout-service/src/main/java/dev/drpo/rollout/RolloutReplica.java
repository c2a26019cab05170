package dev.drpo.rollout;

import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.MemoryPlan;
import dev.drpo.generation.SwapInFlight;
import dev.drpo.generation.WeightUpdatePolicy;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.rollout.records.RolloutRecords;
import dev.drpo.rollout.weights.KafkaWeightLog;
import dev.drpo.rollout.weights.WeightFollower;
import dev.drpo.rollout.weights.WeightListener;
import dev.drpo.rollout.work.PromptLoop;
import dev.drpo.rollout.work.TaskSampler;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import org.jboss.logging.Logger;

/**
 * One replica, wired: engine, weights and the prompt loop. Plain Java, so that tests and other
 * programs run the same replica that the service runs.
 */
public final class RolloutReplica implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RolloutReplica.class);

  private final PolicyTokenizer tokenizer;
  private final RolloutRecords records;
  private final GenerationEngine engine;
  private final WeightFollower weights;
  private final PromptLoop prompts;

  private RolloutReplica(
      PolicyTokenizer tokenizer,
      RolloutRecords records,
      GenerationEngine engine,
      WeightFollower weights,
      PromptLoop prompts) {
    this.tokenizer = tokenizer;
    this.records = records;
    this.engine = engine;
    this.weights = weights;
    this.prompts = prompts;
  }

  /**
   * Loads the starting policy and joins the run. The broker and the learner may still be down.
   *
   * @param updates hears of weight updates
   * @throws dev.drpo.policy.PolicyFormatException if the policy folder can't be used
   * @throws dev.drpo.generation.InsufficientMemoryException if the engine does not fit into memory
   */
  public static RolloutReplica start(
      RunConfig config, Messaging messaging, WeightListener updates) {
    PolicyFolder folder = new PolicyFolder(config.policy().path());
    PolicyTokenizer tokenizer = PolicyTokenizer.load(folder.path());
    RolloutRecords records =
        new RolloutRecords(tokenizer::decode, messaging.service(), messaging.clock());
    GenerationEngine engine;
    try {
      engine = GenerationEngine.start(settings(config, folder, tokenizer));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    WeightFollower weights =
        WeightFollower.start(
            engine,
            folder.weightsFile(),
            () -> KafkaWeightLog.open(messaging),
            config.learner().address(),
            config.tls(),
            messaging.clock(),
            updates);
    PromptLoop prompts =
        PromptLoop.start(
            messaging,
            TaskSampler.of(engine, weights),
            records,
            capacity(config),
            config.rollout().slots());
    return new RolloutReplica(tokenizer, records, engine, weights, prompts);
  }

  private static EngineSettings settings(
      RunConfig config, PolicyFolder folder, PolicyTokenizer tokenizer) {
    ModelConfig model = folder.config();
    try (Safetensors weights = folder.openWeights()) {
      EngineLimits limits =
          EngineLimits.of(
                  config.rollout().slots(),
                  config.sampling().maxPromptTokens(),
                  config.sampling().maxResponseTokens(),
                  model)
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
      PolicyVersion version = new PolicyVersion(0, PolicyDigest.of(weights));
      LOG.infof("starting policy %s from %s", version, folder.path());
      LOG.infof(
          "the checkpoint suggests for sampling: %s; the run's own settings hold",
          folder.generation().suggestionsText());
      return new EngineSettings(
          model,
          folder.weightsFile(),
          version,
          tokenizer.endOfSequence(),
          limits,
          compute,
          weightUpdates(config.rollout()));
    }
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

  /** Tasks of the smallest kind that fill the slots, and one that waits for the next free ones. */
  private static int capacity(RunConfig config) {
    int smallestGroup = Math.min(config.sampling().groupSize(), config.evaluation().samples());
    return Math.ceilDiv(config.rollout().slots(), smallestGroup) + 1;
  }

  public PolicyTokenizer tokenizer() {
    return tokenizer;
  }

  public RolloutRecords records() {
    return records;
  }

  public GenerationEngine engine() {
    return engine;
  }

  public WeightFollower weights() {
    return weights;
  }

  public PromptLoop prompts() {
    return prompts;
  }

  /** Gives unfinished tasks back to the queue and stops. */
  @Override
  public void close() {
    prompts.close();
    weights.close();
    engine.close();
    tokenizer.close();
  }
}
