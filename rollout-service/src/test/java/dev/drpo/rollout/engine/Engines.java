package dev.drpo.rollout.engine;

import dev.drpo.rollout.TinyPolicy;
import java.nio.file.Path;
import java.util.Set;

/** Engines over tiny policies. */
public final class Engines {
  public static final int SLOTS = 8;

  private Engines() {}

  /** An engine whose responses end at token 0 or their budget. */
  public static GenerationEngine start(Path weights) {
    return start(weights, Set.of(TinyPolicy.END), new FinishThenSwap());
  }

  /** An engine whose responses end at tokens of choice, or their budget. */
  public static GenerationEngine start(
      Path weights, Set<Integer> ends, WeightUpdatePolicy updates) {
    return GenerationEngine.start(
        new EngineSettings(
            TinyPolicy.CONFIG,
            weights,
            TinyPolicy.version(0, weights),
            ends,
            new EngineLimits(SLOTS, TinyPolicy.CONTEXT, TinyPolicy.CONFIG.vocabularySize()),
            1,
            updates));
  }
}
