package dev.drpo.learner.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The full weights of a version, for replicas to fetch.
 *
 * @param file safetensors
 */
public record Snapshot(PolicyVersion version, Path file) {
  /** Size of the file. */
  public long bytes() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
