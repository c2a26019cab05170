package dev.drpo.rollout.engine;

import dev.drpo.policy.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Verified weights on their way into the engine. */
final class WeightUpdate {
  private final PolicyVersion version;
  private final Path file;
  private final CompletableFuture<WeightUpdateOutcome> outcome = new CompletableFuture<>();

  /**
   * Wraps a file.
   *
   * @param version what the file holds
   * @param file safetensors, kept by its owner until the outcome is known
   */
  WeightUpdate(PolicyVersion version, Path file) {
    this.version = version;
    this.file = file;
  }

  PolicyVersion version() {
    return version;
  }

  CompletableFuture<WeightUpdateOutcome> outcome() {
    return outcome;
  }

  SafetensorsFile open() {
    return SafetensorsFile.open(file);
  }
}
