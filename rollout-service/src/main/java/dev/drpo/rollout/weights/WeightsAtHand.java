package dev.drpo.rollout.weights;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchApplier;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The newest weights that this replica has got, as a file of its own that stays mapped and that
 * patches change in place. While the engine still reads the file, and before the first patch of the
 * starting policy, whose file is the user's, a patch is applied to a copy. One thread uses it.
 */
final class WeightsAtHand implements AutoCloseable {
  private final Path folder;
  private final Path starting;
  private PolicyVersion version;
  private PolicyVersion lent;
  private WeightFile file;
  private SafetensorsFile mapped;
  private boolean patchable;
  private long filesMade;

  /**
   * Begins with the starting policy.
   *
   * @param folder where files are made
   * @param starting its file, or the index of several
   */
  WeightsAtHand(Path folder, Path starting, PolicyVersion version) {
    this.folder = folder;
    this.starting = starting;
    this.version = version;
    this.lent = version;
    try (Safetensors weights = Safetensors.open(starting)) {
      this.patchable = isBfloat16(weights);
    }
  }

  /** What is at hand, or what the engine was lent last where that came to nothing. */
  PolicyVersion version() {
    return version;
  }

  /** Whether patches can go on from here. */
  boolean isPatchable() {
    return patchable;
  }

  /** The file to hand to the engine. */
  WeightFile file() {
    return file;
  }

  /** Takes a fetched and verified snapshot over. */
  void adopt(Path snapshot, PolicyVersion fetched) {
    drop();
    file = new WeightFile(snapshot);
    version = fetched;
    mapped = SafetensorsFile.openWritable(snapshot);
    patchable = isBfloat16(mapped);
  }

  /** Lends the file to the engine; it is kept for later patches if it can be patched. */
  void lend(CompletableFuture<?> until) {
    file.usedUntil(until);
    lent = version;
    if (!patchable) {
      drop();
    }
  }

  /**
   * Applies patches one behind the other, and verifies what came of it.
   *
   * @param result the version that the last of them makes
   * @throws SnapshotException if that failed; nothing is at hand then that a patch could go on from
   */
  void patch(List<PatchFile> patches, PolicyVersion result) throws SnapshotException {
    try {
      requireOwnFile();
      for (PatchFile patch : patches) {
        PatchApplier.apply(patch, mapped);
      }
      PolicyDigest found = PolicyDigest.of(mapped);
      if (!found.equals(result.digest())) {
        throw new PolicyFormatException("what came of the patch has digest " + found.abbreviated());
      }
      version = result;
    } catch (PolicyFormatException | IOException e) {
      PolicyVersion base = version;
      version = lent;
      drop();
      throw new SnapshotException(
          "weights %s could not be made from %s: %s; their snapshot is fetched instead"
              .formatted(result, base, e.getMessage()),
          e);
    }
  }

  private void requireOwnFile() throws IOException {
    if (file != null && !file.isInUse()) {
      return;
    }
    WeightFile copy =
        new WeightFile(folder.resolve("at-hand-%d.safetensors".formatted(filesMade++)));
    try (Safetensors weights = Safetensors.open(file == null ? starting : file.path())) {
      SafetensorsWriter.merge(copy.path(), weights);
    }
    drop();
    file = copy;
    mapped = SafetensorsFile.openWritable(copy.path());
    patchable = true;
  }

  private void drop() {
    if (mapped != null) {
      mapped.close();
      mapped = null;
    }
    if (file != null) {
      file.discard();
      file = null;
    }
    patchable = false;
  }

  private static boolean isBfloat16(Safetensors weights) {
    return weights.tensors().stream().allMatch(info -> info.type() == ElementType.BF16);
  }

  @Override
  public void close() {
    drop();
  }
}
