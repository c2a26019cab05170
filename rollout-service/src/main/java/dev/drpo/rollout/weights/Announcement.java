package dev.drpo.rollout.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatch;
import java.time.Instant;
import java.util.Optional;

/**
 * News of a version.
 *
 * @param version what the learner has published
 * @param bytes size of the snapshot
 * @param learnerAddress host:port of the learner that serves it
 * @param publishedAt when, by the learner's clock
 * @param patch what leads to it, where there is a patch
 */
record Announcement(
    PolicyVersion version,
    long bytes,
    String learnerAddress,
    Instant publishedAt,
    Optional<AnnouncedPatch> patch) {
  /**
   * Reads a record.
   *
   * @param defaultAddress the learner's address where the record names none
   * @throws IllegalArgumentException if a digest is malformed
   */
  static Announcement of(WeightAnnouncement record, String defaultAddress) {
    PolicyVersion version = PolicyRecords.version(record.getVersion());
    Optional<AnnouncedPatch> patch = Optional.empty();
    if (record.hasPatch()) {
      WeightPatch announced = record.getPatch();
      patch =
          Optional.of(
              new AnnouncedPatch(
                  new Transition(PolicyRecords.version(announced.getBase()), version),
                  announced.getChunks()));
    }
    return new Announcement(
        version,
        record.getSnapshotBytes(),
        record.getLearnerAddress().isBlank() ? defaultAddress : record.getLearnerAddress(),
        Instant.ofEpochMilli(record.getPublishedAtMillis()),
        patch);
  }
}
