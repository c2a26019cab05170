package dev.drpo.rollout.weights;

import dev.drpo.policy.PolicyDigest;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.rollout.engine.PolicyVersion;
import java.time.Instant;

/**
 * News of a version.
 *
 * @param version what the learner has published
 * @param bytes size of the snapshot
 * @param learnerAddress host:port of the learner that serves it
 * @param publishedAt when, by the learner's clock
 */
record Announcement(PolicyVersion version, long bytes, String learnerAddress, Instant publishedAt) {
  /**
   * Reads a record.
   *
   * @param defaultAddress the learner's address where the record names none
   * @throws IllegalArgumentException if the digest is malformed
   */
  static Announcement of(WeightAnnouncement record, String defaultAddress) {
    byte[] digest = record.getVersion().getDigest().toByteArray();
    return new Announcement(
        new PolicyVersion(record.getVersion().getStep(), PolicyDigest.of(digest)),
        record.getSnapshotBytes(),
        record.getLearnerAddress().isBlank() ? defaultAddress : record.getLearnerAddress(),
        Instant.ofEpochMilli(record.getPublishedAtMillis()));
  }
}
