package dev.drpo.rollout.records;

import dev.drpo.generation.FinishReason;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.VersionSpan;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Writes what was sampled as records of the contract.
 *
 * @param decoding makes text of a response's tokens
 * @param replica name that the groups carry
 * @param clock source of their time stamps
 */
public record RolloutRecords(
    Function<int[], String> decoding, String replica, InstantSource clock) {
  /**
   * The group that answers a task.
   *
   * @param idleMillis how long there was nothing to sample since the group before it
   */
  public RolloutGroup group(PromptTask task, SampledGroup sampled, long idleMillis) {
    RolloutGroup.Builder group =
        RolloutGroup.newBuilder()
            .setId(task.getId())
            .addAllPromptTokens(task.getPromptTokensList())
            .setSampling(task.getSampling())
            .addAllGolds(task.getGoldsList())
            .putAllMetadata(task.getMetadataMap())
            .setReplica(replica)
            .setConfiguration(task.getConfiguration())
            .setCreatedAtMillis(clock.millis())
            .setSamplingMillis(sampled.samplingTime().toMillis())
            .setTaskCreatedAtMillis(task.getCreatedAtMillis())
            .setIdleMillis(idleMillis);
    sampled.responses().forEach(response -> group.addRollouts(rollout(response)));
    return group.build();
  }

  /** One response, with its text. */
  public Rollout rollout(SampledResponse response) {
    Rollout.Builder rollout =
        Rollout.newBuilder()
            .setFinishReason(reason(response.finishReason()))
            .setText(decoding.apply(response.tokens()));
    boolean truncated =
        !Arrays.equals(response.logProbabilities(), response.samplingLogProbabilities());
    for (int i = 0; i < response.tokens().length; i++) {
      rollout.addTokens(response.tokens()[i]);
      rollout.addLogProbabilities(response.logProbabilities()[i]);
      if (truncated) {
        rollout.addSamplingLogProbabilities(response.samplingLogProbabilities()[i]);
      }
    }
    response.versions().forEach(span -> rollout.addVersions(span(span)));
    return rollout.build();
  }

  private static dev.drpo.proto.records.v1.FinishReason reason(FinishReason reason) {
    return switch (reason) {
      case STOP -> dev.drpo.proto.records.v1.FinishReason.FINISH_REASON_STOP;
      case LENGTH -> dev.drpo.proto.records.v1.FinishReason.FINISH_REASON_LENGTH;
    };
  }

  private static dev.drpo.proto.records.v1.VersionSpan span(VersionSpan span) {
    return dev.drpo.proto.records.v1.VersionSpan.newBuilder()
        .setVersion(PolicyRecords.of(span.version()))
        .setTokens(span.tokens())
        .build();
  }
}
