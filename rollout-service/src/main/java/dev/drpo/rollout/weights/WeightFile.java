package dev.drpo.rollout.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** A file of weights that this replica made, and who still reads it. One thread uses it. */
final class WeightFile {
  private static final Logger LOG = Logger.getLogger(WeightFile.class);

  private final Path path;
  private CompletableFuture<?> use = CompletableFuture.completedFuture(null);

  WeightFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** It is read until the future completes, one way or the other. */
  void usedUntil(CompletableFuture<?> end) {
    use = CompletableFuture.allOf(use, end).exceptionally(_ -> null);
  }

  boolean isInUse() {
    return !use.isDone();
  }

  /** Deletes it once nobody reads it any more. */
  void discard() {
    var _ = use.whenComplete((_, _) -> delete(path));
  }

  /** Deletes a file that is of no use any more, which is no reason to fail. */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warnf("%s is of no use any more but can't be deleted: %s", file, e);
    }
  }
}
