package dev.drpo.cli.generate;

import ai.djl.Device;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.InsufficientMemoryException;
import dev.drpo.generation.MemoryPlan;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The rollout service's engine over one policy that never changes. Safe for use by many threads.
 */
public final class PolicyEngine implements AutoCloseable {
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
   * @param promptTokens longest prompt
   * @param responseTokens longest response
   */
  public record Size(int slots, int fewestSlots, int promptTokens, int responseTokens) {
    private EngineLimits limits(ModelConfig model, int ofSlots) {
      return new EngineLimits(
          ofSlots, promptTokens, responseTokens, model.contextLength(), model.vocabularySize());
    }
  }

  /**
   * Where and how it computes.
   *
   * @param threads that decode, each in its share of the slots; no more than there are slots
   */
  public record Place(Device device, ElementType type, int threads) {
    /**
     * With so many threads as suit the device, unless said otherwise.
     *
     * @throws UsageError if the device can't compute in the type
     */
    public static Place of(Device device, ElementType type, Optional<Integer> threads) {
      if (device.isGpu() && type != ElementType.BF16) {
        throw new UsageError(
            "--dtype is %s; the attention of a GPU takes bfloat16 alone"
                .formatted(type.configName()));
      }
      int suitable = device.isGpu() ? 1 : Runtime.getRuntime().availableProcessors();
      return new Place(device, type, threads.orElse(suitable));
    }

    EngineSettings.Compute compute(int slots) {
      return new EngineSettings.Compute(device, type, Math.min(threads, slots), 1);
    }
  }

  /**
   * Starts an engine and returns once its policy is loaded.
   *
   * @param say is told the memory plan
   * @throws UsageError if it does not fit into memory at its smallest
   * @throws dev.drpo.policy.PolicyFormatException if the weights do not fit the architecture
   */
  public static PolicyEngine start(
      PolicyFolder folder,
      Set<Integer> endOfSequence,
      SamplingPlan plan,
      Size size,
      Place place,
      Consumer<String> say) {
    ModelConfig model = folder.config();
    try (Safetensors weights = folder.openWeights()) {
      EngineLimits limits = limitsThatFit(model, size, place);
      EngineSettings.Compute compute = place.compute(limits.slots());
      say.accept(
          String.format(
              Locale.ROOT,
              "drpo: memory for %d %s of %,d prompt and %,d response tokens: %s",
              limits.slots(),
              limits.slots() == 1 ? "slot" : "slots",
              limits.promptTokens(),
              limits.responseTokens(),
              plan(model, limits, place)));
      return new PolicyEngine(
          GenerationEngine.start(
              new EngineSettings(
                  model,
                  folder.weightsFile(),
                  new PolicyVersion(0, PolicyDigest.of(weights)),
                  endOfSequence,
                  limits,
                  compute,
                  new FinishThenSwap())),
          plan);
    }
  }

  private static EngineLimits limitsThatFit(ModelConfig model, Size size, Place place) {
    int slots = size.slots();
    MemoryPlan plan = plan(model, size.limits(model, slots), place);
    while (!plan.fits() && slots > size.fewestSlots()) {
      slots = Math.max(size.fewestSlots(), slots / 2);
      plan = plan(model, size.limits(model, slots), place);
    }
    try {
      plan.requireFits();
    } catch (InsufficientMemoryException tooLarge) {
      throw new UsageError(
          tooLarge.getMessage()
              + "; here these are --slots (or --samples) and --max-tokens, and there is nothing in place"
              + " of rollout.kv-cache-tokens");
    }
    return size.limits(model, slots);
  }

  private static MemoryPlan plan(ModelConfig model, EngineLimits limits, Place place) {
    return MemoryPlan.of(model, limits, place.compute(limits.slots()), false);
  }

  /** Queues the responses to a prompt that fits, and leaves room for at least one token. */
  public CompletableFuture<SampledGroup> submit(int[] prompt, ResponseListener listener) {
    return engine.submit(
        GroupRequest.of(prompt, plan.sampling(prompt.length, engine.limits().contextTokens())),
        listener);
  }

  /** Responses that are decoded at once. */
  public int slots() {
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
