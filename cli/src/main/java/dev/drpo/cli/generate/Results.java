package dev.drpo.cli.generate;

import dev.drpo.generation.SampledGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Takes what an engine promised. */
final class Results {
  private Results() {}

  /**
   * Waits for a group.
   *
   * @throws dev.drpo.generation.EngineStoppedException if the engine dies
   * @throws InterruptedException if the thread was interrupted
   */
  static SampledGroup await(CompletableFuture<SampledGroup> group) throws InterruptedException {
    try {
      return group.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }
}
