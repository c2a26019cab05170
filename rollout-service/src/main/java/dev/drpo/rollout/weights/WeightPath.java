package dev.drpo.rollout.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The way from the weights at hand to the newest announced ones: a snapshot to fetch, patches to
 * apply, or both in this order. A snapshot whose transfer has begun is kept as long as patches lead
 * on from it, since one that starts anew with every version might never arrive. One thread uses it.
 */
final class WeightPath implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WeightPath.class);

  private final Path folder;
  private final WeightsAtHand atHand;
  private final Deque<Hop> hops = new ArrayDeque<>();
  private SnapshotDownload download;
  private Announcement newest;

  private record Hop(PolicyVersion result, PatchFile patch) {}

  /**
   * A way that has led to where it begins.
   *
   * @param folder where snapshots go
   */
  WeightPath(Path folder, WeightsAtHand atHand) {
    this.folder = folder;
    this.atHand = atHand;
  }

  /**
   * Leads on to a version.
   *
   * @param patch from the version before, if it is whole; this path's from now on
   */
  void leadTo(Announcement announcement, Optional<PatchFile> patch) {
    newest = announcement;
    boolean goesOn =
        patch.isPresent()
            && announcement.patch().orElseThrow().transition().base().equals(end())
            && (download == null ? atHand.isPatchable() : download.hasBegun())
            && pending() + patch.get().bytes() <= announcement.bytes() / 2;
    if (goesOn) {
      hops.add(new Hop(announcement.version(), patch.get()));
      return;
    }
    patch.ifPresent(WeightPath::discard);
    if (!announcement.version().equals(end()) || isAnnouncedElsewhere(announcement)) {
      fetchNewest();
    }
  }

  /** A learner that came back at another address has what the one before is asked for in vain. */
  private boolean isAnnouncedElsewhere(Announcement announcement) {
    return download != null
        && !download.announcement().learnerAddress().equals(announcement.learnerAddress());
  }

  /** Where the path ends. */
  private PolicyVersion end() {
    if (!hops.isEmpty()) {
      return hops.getLast().result();
    }
    return download == null ? atHand.version() : download.announcement().version();
  }

  private long pending() {
    return hops.stream().mapToLong(hop -> hop.patch().bytes()).sum();
  }

  /** Gives up whatever was under way, and leads to the newest version by its snapshot. */
  void fetchNewest() {
    clear();
    boolean isAtHand = newest.version().equals(atHand.version());
    download = isAtHand ? null : new SnapshotDownload(newest, folder);
  }

  /** The snapshot to fetch, before anything else. */
  Optional<SnapshotDownload> download() {
    return Optional.ofNullable(download);
  }

  /** The snapshot has been fetched and is at hand. */
  void arrived() {
    download = null;
  }

  /** Whether a newer version than that of the snapshot being fetched is announced. */
  boolean leadsBeyond(SnapshotDownload snapshot) {
    return !snapshot.announcement().version().equals(newest.version());
  }

  /** Whether there are patches to apply. */
  boolean hasPatches() {
    return !hops.isEmpty();
  }

  /**
   * Applies the patches; gives their bytes.
   *
   * @throws SnapshotException if that failed; the path then leads over the newest snapshot
   */
  long applyPatches() throws SnapshotException {
    long bytes = pending();
    List<PatchFile> patches = new ArrayList<>();
    hops.forEach(hop -> patches.add(hop.patch()));
    try {
      atHand.patch(patches, hops.getLast().result());
      clear();
    } catch (SnapshotException e) {
      fetchNewest();
      throw e;
    }
    return bytes;
  }

  /** The announcement that this path leads to; there must have been one. */
  Announcement newest() {
    return newest;
  }

  private void clear() {
    hops.forEach(hop -> discard(hop.patch()));
    hops.clear();
    if (download != null) {
      WeightFile.delete(download.file());
      download = null;
    }
  }

  private static void discard(PatchFile patch) {
    try {
      patch.close();
    } catch (IOException e) {
      LOG.warnf("a patch is of no use any more but can't be deleted: %s", e);
    }
  }

  @Override
  public void close() {
    clear();
  }
}
