package dev.drpo.policy.patch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a patch together from chunks that come in the order of a log. It holds one patch, the newest
 * that began. A chunk that comes twice is taken once, also where a learner that resumed publishes
 * the same patch again; one that is lost, out of its order, corrupt or of another patch makes the
 * patch useless, and says so to who asks for it. One thread uses it.
 */
public final class PatchAssembly implements AutoCloseable {
  private final Path folder;
  private final List<Integer> checksums = new ArrayList<>();
  private Transition transition;
  private PatchFile file;
  private int total;
  private String defect;
  private long filesMade;

  /**
   * An assembly without a patch.
   *
   * @param folder where chunks are kept
   */
  public PatchAssembly(Path folder) {
    this.folder = folder;
  }

  /** What there is of a patch that is asked for. */
  public sealed interface Found {
    /** All of it, which is the caller's now. */
    record Whole(PatchFile patch) implements Found {}

    /** Not all of it, or not as it was. */
    record Useless(String reason) implements Found {}
  }

  /**
   * Takes the next chunk of the log.
   *
   * @throws IOException if it can't be kept; the patch is useless then
   */
  public void add(PatchChunk chunk) throws IOException {
    if (!chunk.transition().equals(transition) || startsAnew(chunk)) {
      begin(chunk);
    }
    if (defect != null || isRepeated(chunk)) {
      return;
    }
    defect = defectOf(chunk);
    if (defect != null) {
      return;
    }
    try {
      file.append(chunk.data());
      checksums.add(chunk.checksum());
    } catch (IOException e) {
      defect = "chunk %d can't be kept: %s".formatted(chunk.index(), e);
      throw e;
    }
  }

  /** Gives the patch away if it is whole, and forgets it. */
  public Found take(Transition wanted, int chunks) throws IOException {
    if (!wanted.equals(transition)) {
      return new Found.Useless("no chunk of the patch from %s was there".formatted(wanted));
    }
    if (defect == null && (checksums.size() != total || total != chunks)) {
      defect = "%d of its %d chunks were there".formatted(checksums.size(), chunks);
    }
    if (defect != null) {
      String reason = "the patch from %s is useless: %s".formatted(wanted, defect);
      forget();
      return new Found.Useless(reason);
    }
    PatchFile whole = file;
    file = null;
    forget();
    return new Found.Whole(whole);
  }

  private void begin(PatchChunk chunk) throws IOException {
    forget();
    transition = chunk.transition();
    total = chunk.total();
    file =
        PatchFile.create(
            folder.resolve(
                "patch-%d-%d".formatted(chunk.transition().result().step(), filesMade++)));
  }

  /** The same patch from its beginning, after a part of it that is no use or was cut otherwise. */
  private boolean startsAnew(PatchChunk chunk) {
    return chunk.index() == 0 && (defect != null || !isRepeated(chunk));
  }

  private boolean isRepeated(PatchChunk chunk) {
    return chunk.index() >= 0
        && chunk.index() < checksums.size()
        && chunk.total() == total
        && chunk.isIntact()
        && chunk.checksum() == checksums.get(chunk.index());
  }

  private String defectOf(PatchChunk chunk) {
    int expected = checksums.size();
    if (chunk.total() != total || chunk.index() >= total) {
      return "chunk %d of %d came, of a patch of %d chunks"
          .formatted(chunk.index(), chunk.total(), total);
    }
    if (!chunk.isIntact()) {
      return "chunk %d of %d came with a wrong checksum".formatted(chunk.index(), total);
    }
    if (chunk.index() > expected) {
      return "chunk %d of %d came where chunk %d was expected: what lies between is lost"
          .formatted(chunk.index(), total, expected);
    }
    if (chunk.index() < expected) {
      return "chunk %d of %d came again with other data".formatted(chunk.index(), total);
    }
    return null;
  }

  private void forget() throws IOException {
    PatchFile useless = file;
    transition = null;
    file = null;
    defect = null;
    total = 0;
    checksums.clear();
    if (useless != null) {
      useless.close();
    }
  }

  @Override
  public void close() throws IOException {
    forget();
  }
}
