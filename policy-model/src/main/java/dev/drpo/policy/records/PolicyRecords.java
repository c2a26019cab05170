package dev.drpo.policy.records;

import com.google.protobuf.UnsafeByteOperations;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchChunk;
import dev.drpo.policy.patch.Transition;
import dev.drpo.proto.records.v1.WeightPatchChunk;
import java.util.Optional;

/** Converts versions and parts of patches. Nothing else does. */
public final class PolicyRecords {
  private PolicyRecords() {}

  /** A version as records carry it. */
  public static dev.drpo.proto.records.v1.PolicyVersion of(PolicyVersion version) {
    return dev.drpo.proto.records.v1.PolicyVersion.newBuilder()
        .setStep(version.step())
        .setDigest(UnsafeByteOperations.unsafeWrap(version.digest().bytes()))
        .build();
  }

  /**
   * The version that a record names.
   *
   * @throws IllegalArgumentException if its digest is malformed
   */
  public static PolicyVersion version(dev.drpo.proto.records.v1.PolicyVersion record) {
    return find(record)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the digest of policy version %d has %d bytes, not %d"
                        .formatted(
                            record.getStep(), record.getDigest().size(), PolicyDigest.BYTES)));
  }

  /** The version that a record names; empty if its digest is malformed, so that it names none. */
  public static Optional<PolicyVersion> find(dev.drpo.proto.records.v1.PolicyVersion record) {
    return record.getDigest().size() == PolicyDigest.BYTES
        ? Optional.of(
            new PolicyVersion(record.getStep(), PolicyDigest.of(record.getDigest().toByteArray())))
        : Optional.empty();
  }

  /** A part of a patch as the weight log carries it. */
  public static WeightPatchChunk of(PatchChunk chunk) {
    return WeightPatchChunk.newBuilder()
        .setBase(of(chunk.transition().base()))
        .setVersion(of(chunk.transition().result()))
        .setIndex(chunk.index())
        .setTotal(chunk.total())
        .setData(UnsafeByteOperations.unsafeWrap(chunk.data()))
        .setChecksum(chunk.checksum())
        .build();
  }

  /**
   * The part of a patch that a record holds.
   *
   * @throws IllegalArgumentException if a digest is malformed
   */
  public static PatchChunk chunk(WeightPatchChunk record) {
    return new PatchChunk(
        new Transition(version(record.getBase()), version(record.getVersion())),
        record.getIndex(),
        record.getTotal(),
        record.getData().toByteArray(),
        record.getChecksum());
  }
}
