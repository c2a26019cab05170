package dev.drpo.learner.weights;

import dev.drpo.policy.patch.PatchEncoder;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatch;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * Appends versions to the weight log: the patch from the version before, where it is small, and the
 * announcement, which says that the version is complete and can be fetched. One thread uses it.
 *
 * @param publisher to the broker
 * @param topic of the weight log
 * @param run its id
 * @param learnerAddress host:port that serves the snapshots
 * @param chunkBytes most bytes of a patch in one record
 * @param mostFraction a patch that takes more of the full weights is not published
 * @param clock of the time stamps
 */
public record WeightLogWriter(
    Publisher publisher,
    String topic,
    String run,
    String learnerAddress,
    int chunkBytes,
    double mostFraction,
    InstantSource clock) {
  private static final Logger LOG = Logger.getLogger(WeightLogWriter.class);

  /**
   * A version in the log.
   *
   * @param first position of its first record
   */
  record Appended(RecordPosition first, PublicationCost cost) {}

  /**
   * Appends a version, and returns once the broker has all of it.
   *
   * @param base the version before, or empty if there is none that replicas have
   * @param patchFile where a patch lies meanwhile
   * @throws IOException if a file can't be read or written
   * @throws ExecutionException if the broker does not take a record
   */
  Appended append(Optional<Snapshot> base, Snapshot snapshot, Path patchFile)
      throws IOException, ExecutionException, InterruptedException {
    if (base.isEmpty() || mostFraction == 0) {
      return announceAlone(snapshot, Duration.ZERO);
    }
    try (PatchFile patch = PatchFile.create(patchFile)) {
      long begin = System.nanoTime();
      Optional<PatchEncoder.Summary> summary = encode(base.get(), snapshot, patch);
      long encoded = System.nanoTime();
      Duration encoding = Duration.ofNanos(encoded - begin);
      if (summary.isEmpty()) {
        return announceAlone(snapshot, encoding);
      }
      RecordPosition first =
          publish(
              new PatchRecords(new Transition(base.get().version(), snapshot.version()), patch));
      announce(
          snapshot,
          Optional.of(
              WeightPatch.newBuilder()
                  .setBase(PolicyRecords.of(base.get().version()))
                  .setChunks(summary.get().chunks())
                  .setBytes(summary.get().bytes())
                  .setChanged(summary.get().changed())
                  .build()));
      PublicationCost cost =
          new PublicationCost(
              snapshot.bytes(),
              summary.get().bytes(),
              encoding,
              Duration.ofNanos(System.nanoTime() - encoded));
      tell(snapshot, summary.get(), cost);
      return new Appended(first, cost);
    }
  }

  /**
   * Announces a version once more, for a log that has lost what it held. Replicas fetch the
   * snapshot.
   *
   * @return position of its first record
   * @throws ExecutionException if the broker does not take it
   */
  public RecordPosition announceAgain(Snapshot snapshot)
      throws ExecutionException, InterruptedException {
    return announce(snapshot, Optional.empty());
  }

  private Appended announceAlone(Snapshot snapshot, Duration encoding)
      throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    RecordPosition first = announce(snapshot, Optional.empty());
    return new Appended(
        first,
        new PublicationCost(
            snapshot.bytes(), 0, encoding, Duration.ofNanos(System.nanoTime() - begin)));
  }

  /** Encodes the patch; empty if there is none, or a small part of it if it would be too large. */
  private Optional<PatchEncoder.Summary> encode(Snapshot base, Snapshot snapshot, PatchFile patch)
      throws IOException {
    try (Safetensors from = Safetensors.open(base.file());
        Safetensors to = Safetensors.open(snapshot.file())) {
      if (!PatchEncoder.isPossible(from, to)) {
        return Optional.empty();
      }
      long most = (long) (mostFraction * snapshot.bytes());
      Optional<PatchEncoder.Summary> summary =
          new PatchEncoder(chunkBytes, most).encode(from, to, patch::append);
      if (summary.isEmpty()) {
        LOG.infof(
            "weights %d differ from %d by more than %,d bytes of patch; replicas fetch the snapshot",
            snapshot.version().step(), base.version().step(), most);
      }
      return summary;
    }
  }

  private RecordPosition publish(PatchRecords chunks)
      throws IOException, ExecutionException, InterruptedException {
    List<CompletableFuture<RecordPosition>> published = new ArrayList<>();
    for (int i = 0; i < chunks.count(); i++) {
      WeightRecord record =
          WeightRecord.newBuilder().setRun(run).setPatchChunk(chunks.get(i)).build();
      published.add(publisher.publish(topic, run, record));
    }
    for (CompletableFuture<RecordPosition> chunk : published) {
      chunk.get();
    }
    return published.getFirst().get();
  }

  private RecordPosition announce(Snapshot snapshot, Optional<WeightPatch> patch)
      throws ExecutionException, InterruptedException {
    WeightAnnouncement.Builder announcement =
        WeightAnnouncement.newBuilder()
            .setVersion(PolicyRecords.of(snapshot.version()))
            .setSnapshotBytes(snapshot.bytes())
            .setLearnerAddress(learnerAddress)
            .setPublishedAtMillis(clock.millis());
    patch.ifPresent(announcement::setPatch);
    WeightRecord record =
        WeightRecord.newBuilder().setRun(run).setAnnouncement(announcement).build();
    return publisher.publish(topic, run, record).get();
  }

  private static void tell(Snapshot snapshot, PatchEncoder.Summary patch, PublicationCost cost) {
    LOG.infof(
        "weights %d: %s",
        snapshot.version().step(),
        String.format(
            Locale.ROOT,
            "%.2f%% of the elements changed; a patch of %,d bytes, %.2f%% of the snapshot, encoded"
                + " in %d ms and published in %d ms",
            100.0 * patch.changed() / Math.max(1, patch.elements()),
            patch.bytes(),
            100.0 * patch.bytes() / cost.snapshotBytes(),
            cost.encoding().toMillis(),
            cost.publication().toMillis()));
  }
}
