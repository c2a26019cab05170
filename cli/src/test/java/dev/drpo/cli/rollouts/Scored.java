package dev.drpo.cli.rollouts;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.records.v1.VersionSpan;

/** Scored groups to look at. */
final class Scored {
  private Scored() {}

  /** A group of a training step, counted from 0: one right response of 3 tokens, one wrong of 5. */
  static ScoredGroup training(long step, String prompt) {
    return group(Purpose.PURPOSE_TRAINING, step, prompt);
  }

  /** A group of an evaluation of a policy. */
  static ScoredGroup evaluation(long step, String prompt) {
    return group(Purpose.PURPOSE_EVALUATION, step, prompt);
  }

  private static ScoredGroup group(Purpose purpose, long step, String prompt) {
    return ScoredGroup.newBuilder()
        .setGroup(
            RolloutGroup.newBuilder()
                .setId(GroupId.newBuilder().setPurpose(purpose).setStep(step).setPrompt(prompt))
                .addPromptTokens(7)
                .addPromptTokens(8)
                .addGolds("42")
                .setReplica("rollout-1")
                .addRollouts(rollout(step, 3, "so it is\n= 42", FinishReason.FINISH_REASON_STOP))
                .addRollouts(rollout(step, 5, "= 41", FinishReason.FINISH_REASON_LENGTH)))
        .addVerdicts(
            Verdict.newBuilder()
                .setOutcome(Outcome.OUTCOME_EQUAL)
                .setReward(1)
                .setRule("integers")
                .setExtracted("42"))
        .addVerdicts(
            Verdict.newBuilder()
                .setOutcome(Outcome.OUTCOME_NOT_EQUAL)
                .setRule("integers")
                .setExtracted("41"))
        .build();
  }

  private static Rollout rollout(long step, int tokens, String text, FinishReason reason) {
    Rollout.Builder rollout =
        Rollout.newBuilder()
            .setText(text)
            .setFinishReason(reason)
            .addVersions(
                VersionSpan.newBuilder()
                    .setVersion(PolicyVersion.newBuilder().setStep(step))
                    .setTokens(tokens));
    for (int i = 0; i < tokens; i++) {
      rollout.addTokens(i);
    }
    return rollout.build();
  }
}
