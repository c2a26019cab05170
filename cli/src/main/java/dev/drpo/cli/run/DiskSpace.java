package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses a run that would fill its disk, before it has cost any time. */
final class DiskSpace {
  /** The broker's log segments, the processes' logs and the report. */
  private static final long BESIDE_WEIGHTS_BYTES = 512L << 20;

  /** fp32 weights and AdamW's two moments. */
  private static final int CHECKPOINT_BYTES_PER_PARAMETER = 3 * Float.BYTES;

  /** Versions for replicas to fetch: the newest, one that is being written, and two in reserve. */
  private static final int SNAPSHOTS = 4;

  private static final double MEBIBYTE = 1 << 20;

  private DiskSpace() {}

  static void check(RunPlan plan) {
    long needed = needed(plan.config());
    Path existing = plan.folder().path();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    long free = free(existing);
    if (free < needed) {
      throw new UsageError(
          "the disk of the run folder %s has %.0f MiB free, and the run may need %.0f MiB; free some, or name a folder on another disk with --out"
              .formatted(plan.folder(), free / MEBIBYTE, needed / MEBIBYTE));
    }
  }

  private static long needed(RunConfig config) {
    // One more than is kept: the next one is complete before the oldest goes.
    long checkpoints = config.training().checkpointsKept() + 1L;
    long snapshots = (long) config.training().maxLag() + SNAPSHOTS;
    long perParameter =
        checkpoints * CHECKPOINT_BYTES_PER_PARAMETER
            + snapshots * ElementType.named(config.weights().type().configName()).bytes()
            // The exported policy, the best one, and the one that is about to take its place.
            + 3L * Float.BYTES;
    return BESIDE_WEIGHTS_BYTES + PolicyWeights.parameters(config.policy().path()) * perParameter;
  }

  private static long free(Path existing) {
    try {
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
