package dev.drpo.learner.weights;

import com.google.protobuf.ByteString;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.proto.records.v1.PolicyVersion;
import java.nio.file.Path;

/**
 * A version of the policy that replicas can fetch.
 *
 * @param step training steps that made it
 * @param digest of its weights
 * @param file safetensors
 */
public record PublishedPolicy(long step, PolicyDigest digest, Path file) {
  /** The version as records carry it. */
  public PolicyVersion version() {
    return PolicyVersion.newBuilder()
        .setStep(step)
        .setDigest(ByteString.copyFrom(digest.bytes()))
        .build();
  }
}
