package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.Safetensors;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Verified weights on their way into the engine. */
public final class WeightUpdate {
  private final PolicyVersion version;
  private final Path file;
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final CompletableFuture<Void> firstToken = new CompletableFuture<>();
  private final CompletableFuture<WeightUpdateOutcome> outcome = new CompletableFuture<>();

  /**
   * Weights that nobody has loaded yet.
   *
   * @param file safetensors that match {@code version}'s digest
   */
  public WeightUpdate(PolicyVersion version, Path file) {
    this.version = version;
    this.file = file;
  }

  /** What the weights are. */
  public PolicyVersion version() {
    return version;
  }

  /** Completes once the weights lie beside those in use; never if that does not come about. */
  public CompletableFuture<Void> loaded() {
    return loaded;
  }

  /** Completes with the first token that is drawn with the weights. */
  public CompletableFuture<Void> firstToken() {
    return firstToken;
  }

  /**
   * Tells what became of the weights. Fails with a {@link dev.drpo.policy.PolicyFormatException} if
   * they do not fit the architecture, in which case the old weights stay.
   */
  public CompletableFuture<WeightUpdateOutcome> outcome() {
    return outcome;
  }

  /** Where they lie. */
  public Path file() {
    return file;
  }

  Safetensors open() {
    return Safetensors.open(file);
  }
}
