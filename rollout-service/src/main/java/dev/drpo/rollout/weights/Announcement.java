package dev.drpo.rollout.weights;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchChunk;
import dev.drpo.policy.patch.Transition;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatch;
import dev.drpo.proto.records.v1.WeightPatchChunk;
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
    PolicyVersion version = version(record.getVersion());
    Optional<AnnouncedPatch> patch = Optional.empty();
    if (record.hasPatch()) {
      WeightPatch announced = record.getPatch();
      patch =
          Optional.of(
              new AnnouncedPatch(
                  transition(version(announced.getBase()), version), announced.getChunks()));
    }
    return new Announcement(
        version,
        record.getSnapshotBytes(),
        record.getLearnerAddress().isBlank() ? defaultAddress : record.getLearnerAddress(),
        Instant.ofEpochMilli(record.getPublishedAtMillis()),
        patch);
  }

  /**
   * Reads a record with a part of a patch.
   *
   * @throws IllegalArgumentException if a digest is malformed
   */
  static PatchChunk chunk(WeightPatchChunk record) {
    return new PatchChunk(
        transition(version(record.getBase()), version(record.getVersion())),
        record.getIndex(),
        record.getTotal(),
        record.getData().toByteArray(),
        record.getChecksum());
  }

  private static Transition transition(PolicyVersion base, PolicyVersion result) {
    return new Transition(base.step(), base.digest(), result.step(), result.digest());
  }

  private static PolicyVersion version(dev.drpo.proto.records.v1.PolicyVersion record) {
    return new PolicyVersion(record.getStep(), PolicyDigest.of(record.getDigest().toByteArray()));
  }
}
