package dev.drpo.rollout;

import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.testkit.TinyPolicy;
import java.nio.file.Path;
import java.util.Set;

/** An engine of eight slots over a tiny policy. */
public final class TinyEngine {
  private TinyEngine() {}

  /** One whose responses end at token 0 or their budget. */
  public static GenerationEngine start(Path weights) {
    return start(weights, Set.of(TinyPolicy.END));
  }

  /** One whose responses end at tokens of choice, or their budget. */
  public static GenerationEngine start(Path weights, Set<Integer> ends) {
    return GenerationEngine.start(
        new EngineSettings(
            TinyPolicy.CONFIG,
            weights,
            TinyPolicy.version(0, weights),
            ends,
            EngineLimits.of(8, 300, 500, TinyPolicy.CONFIG),
            EngineSettings.Compute.ONE_THREAD,
            new FinishThenSwap()));
  }
}
