package dev.drpo.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Topics;
import java.util.Optional;

/** Reads records of which some are no records. */
final class Records {
  private Records() {}

  static Optional<ScoredGroup> scored(byte[] value) {
    try {
      return Optional.of(ScoredGroup.parseFrom(value));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** A record in a few words. */
  static String text(Topics topics, String topic, byte[] value) {
    try {
      if (topic.equals(topics.prompts())) {
        PromptTask task = PromptTask.parseFrom(value);
        return text(task.getId()) + ", needs weights " + task.getRequiredPolicyStep();
      }
      if (topic.equals(topics.rollouts())) {
        return text(RolloutGroup.parseFrom(value));
      }
      if (topic.equals(topics.scored())) {
        ScoredGroup scored = ScoredGroup.parseFrom(value);
        return text(scored.getGroup()) + ", judged by " + scored.getReplica();
      }
      if (topic.equals(topics.weights())) {
        return PolicyRecords.version(WeightRecord.parseFrom(value).getAnnouncement().getVersion())
            .toString();
      }
      return deadLetter(value).getReason();
    } catch (InvalidProtocolBufferException e) {
      return "garbage";
    }
  }

  private static String text(RolloutGroup group) {
    return "%s, sampled by %s with weights %d"
        .formatted(
            text(group.getId()),
            group.getReplica(),
            group.getRollouts(0).getVersions(0).getVersion().getStep());
  }

  private static String text(GroupId id) {
    return id.getPrompt() + " of step " + id.getStep();
  }

  static DeadLetter deadLetter(byte[] value) {
    try {
      return DeadLetter.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a dead letter that nobody can read", e);
    }
  }
}
