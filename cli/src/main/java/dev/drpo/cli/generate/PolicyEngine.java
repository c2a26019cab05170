package dev.drpo.cli.generate;

import dev.drpo.policy.ModelConfig;
import dev.drpo.policy.PolicyDigest;
import dev.drpo.policy.PolicyFolder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.rollout.engine.EngineLimits;
import dev.drpo.rollout.engine.EngineSettings;
import dev.drpo.rollout.engine.FinishThenSwap;
import dev.drpo.rollout.engine.GenerationEngine;
import dev.drpo.rollout.engine.MemoryPlan;
import dev.drpo.rollout.engine.PolicyVersion;
import dev.drpo.rollout.engine.ResponseListener;
import dev.drpo.rollout.engine.SampledGroup;
import dev.drpo.rollout.records.Requests;
import dev.drpo.runtime.config.ConfigException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The rollout service's engine over one policy that never changes. Safe for use by many threads.
 */
final class PolicyEngine implements AutoCloseable {
  private final GenerationEngine engine;
  private final SamplingPlan plan;

  private PolicyEngine(GenerationEngine engine, SamplingPlan plan) {
    this.engine = engine;
    this.plan = plan;
  }

  /**
   * How large an engine may be.
   *
   * @param slots responses that are decoded at once, at most
   * @param fewestSlots what it may shrink to where memory is short
   * @param sequenceTokens longest prompt and response together
   */
  record Size(int slots, int fewestSlots, int sequenceTokens) {}

  /**
   * Starts an engine and returns once its policy is loaded.
   *
   * @param say is told the memory plan
   * @throws ConfigException if it does not fit into memory at its smallest
   * @throws dev.drpo.policy.PolicyFormatException if the weights do not fit the architecture
   */
  static PolicyEngine start(
      PolicyFolder folder,
      Set<Integer> endOfSequence,
      SamplingPlan plan,
      Size size,
      int threads,
      Consumer<String> say) {
    ModelConfig model = folder.config();
    try (Safetensors weights = folder.openWeights()) {
      EngineLimits limits = limitsThatFit(model, weights, size);
      say.accept(
          "drpo: memory for %d %s of %,d tokens: %s"
              .formatted(
                  limits.slots(),
                  limits.slots() == 1 ? "slot" : "slots",
                  limits.sequenceTokens(),
                  MemoryPlan.of(model, weights, limits)));
      return new PolicyEngine(
          GenerationEngine.start(
              new EngineSettings(
                  model,
                  folder.weightsFile(),
                  new PolicyVersion(0, PolicyDigest.of(weights)),
                  endOfSequence,
                  limits,
                  threads,
                  new FinishThenSwap())),
          plan);
    }
  }

  private static EngineLimits limitsThatFit(ModelConfig model, Safetensors weights, Size size) {
    int slots = size.slots();
    while (true) {
      EngineLimits limits = new EngineLimits(slots, size.sequenceTokens(), model.vocabularySize());
      try {
        MemoryPlan.of(model, weights, limits).requireFits();
        return limits;
      } catch (ConfigException tooLarge) {
        if (slots == size.fewestSlots()) {
          throw tooLarge;
        }
        slots = Math.max(size.fewestSlots(), slots / 2);
      }
    }
  }

  /** Queues the responses to a prompt of at least one token and fewer than a sequence has. */
  CompletableFuture<SampledGroup> submit(int[] prompt, ResponseListener listener) {
    return engine.submit(
        Requests.of(prompt, plan.sampling(prompt.length, sequenceTokens())), listener);
  }

  /** Responses that are decoded at once. */
  int slots() {
    return engine.limits().slots();
  }

  /** Longest prompt and response together. */
  int sequenceTokens() {
    return engine.limits().sequenceTokens();
  }

  /** Stops after the current step; responses that are not complete fail. */
  @Override
  public void close() {
    engine.close();
  }
}
