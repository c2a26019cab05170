package dev.drpo.reward.scoring;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.records.v1.VersionSpan;

/** Groups as rollout replicas publish them. */
final class Groups {
  private Groups() {}

  static RolloutGroup.Builder group(String run, String prompt, String gold, String... texts) {
    RolloutGroup.Builder group =
        RolloutGroup.newBuilder()
            .setId(
                GroupId.newBuilder()
                    .setRun(run)
                    .setPurpose(Purpose.PURPOSE_TRAINING)
                    .setStep(3)
                    .setPrompt(prompt))
            .setSampling(SamplingParameters.newBuilder().setGroupSize(texts.length))
            .addGolds(gold);
    for (String text : texts) {
      group.addRollouts(rollout(text));
    }
    return group;
  }

  private static Rollout rollout(String text) {
    return Rollout.newBuilder()
        .addTokens(7)
        .addTokens(8)
        .addLogProbabilities(-0.5f)
        .addLogProbabilities(0f)
        .setFinishReason(FinishReason.FINISH_REASON_STOP)
        .addVersions(
            VersionSpan.newBuilder().setVersion(PolicyVersion.getDefaultInstance()).setTokens(2))
        .setText(text)
        .build();
  }
}
