package dev.drpo.cli.quickstart;

import dev.drpo.cli.UsageError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses a run that would fill its disk, before it has cost any time. */
final class DiskSpace {
  /** The broker's log segments, the processes' logs and the report. */
  private static final long BESIDE_CHECKPOINTS_BYTES = 512L << 20;

  /** fp32 weights and AdamW's two moments, and the weights published beside them. */
  private static final int POLICIES_PER_CHECKPOINT = 4;

  private static final double MEBIBYTE = 1 << 20;

  private DiskSpace() {}

  static void check(RunPlan plan) {
    try {
      Path model = plan.config().policy().path().resolve("model.safetensors");
      // One more than is kept: the next one is complete before the oldest goes.
      long checkpoints = plan.config().training().checkpointsKept() + 1L;
      long needed =
          BESIDE_CHECKPOINTS_BYTES + Files.size(model) * POLICIES_PER_CHECKPOINT * checkpoints;
      Path existing = plan.folder().path();
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      long free = Files.getFileStore(existing).getUsableSpace();
      if (free < needed) {
        throw new UsageError(
            "the disk of the run folder %s has %.0f MiB free, and the run may need %.0f MiB; free some, or name a folder on another disk with --out"
                .formatted(plan.folder(), free / MEBIBYTE, needed / MEBIBYTE));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
