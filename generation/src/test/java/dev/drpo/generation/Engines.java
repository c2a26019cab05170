package dev.drpo.generation;

import ai.djl.Device;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.testkit.TinyPolicy;
import java.nio.file.Path;
import java.util.Set;

/** Engines over tiny policies. */
public final class Engines {
  public static final int SLOTS = 8;
  static final int PROMPT_TOKENS = 300;
  static final int RESPONSE_TOKENS = 500;

  private Engines() {}

  /** An engine whose responses end at token 0 or their budget. */
  public static GenerationEngine start(Path weights) {
    return start(weights, Set.of(TinyPolicy.END), new FinishThenSwap());
  }

  /** An engine whose responses end at tokens of choice, or their budget. */
  public static GenerationEngine start(
      Path weights, Set<Integer> ends, WeightUpdatePolicy updates) {
    return start(weights, ends, updates, SLOTS, 1);
  }

  /** An engine of several decoding threads that share out the slots. */
  public static GenerationEngine start(
      Path weights, Set<Integer> ends, WeightUpdatePolicy updates, int slots, int engines) {
    return start(weights, ends, updates, limits(slots), engines);
  }

  static GenerationEngine start(
      Path weights,
      Set<Integer> ends,
      WeightUpdatePolicy updates,
      EngineLimits limits,
      int engines) {
    return GenerationEngine.start(
        new EngineSettings(
            TinyPolicy.CONFIG,
            weights,
            TinyPolicy.version(0, weights),
            ends,
            limits,
            new EngineSettings.Compute(Device.cpu(), ElementType.F32, engines, 1),
            updates));
  }

  static EngineLimits limits(int slots) {
    return new EngineLimits(
        slots,
        PROMPT_TOKENS,
        RESPONSE_TOKENS,
        TinyPolicy.CONTEXT,
        TinyPolicy.CONFIG.vocabularySize());
  }
}
