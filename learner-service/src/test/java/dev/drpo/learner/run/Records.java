package dev.drpo.learner.run;

import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.List;

/** Records as other services send them. */
final class Records {
  private Records() {}

  static GroupKey training(long step, String prompt) {
    return new GroupKey(Purpose.PURPOSE_TRAINING, step, prompt);
  }

  static GroupKey evaluation(long step, String prompt) {
    return new GroupKey(Purpose.PURPOSE_EVALUATION, step, prompt);
  }

  /**
   * A right response of two tokens and a wrong one of three, which the budget cut and which earns
   * something all the same.
   */
  static ScoredGroup scored(GroupKey key, PolicyVersion version) {
    return ScoredGroup.newBuilder()
        .setGroup(
            RolloutGroup.newBuilder()
                .setId(key.toProto("test"))
                .addRollouts(rollout(version, FinishReason.FINISH_REASON_STOP, 4, 0))
                .addRollouts(rollout(version, FinishReason.FINISH_REASON_LENGTH, 5, 6, 7)))
        .addVerdicts(Verdict.newBuilder().setOutcome(Outcome.OUTCOME_EQUAL).setReward(1))
        .addVerdicts(Verdict.newBuilder().setOutcome(Outcome.OUTCOME_NOT_EQUAL).setReward(0.25))
        .build();
  }

  /** The same, with both right and the same reward for both, which tells nothing. */
  static ScoredGroup withoutSignal(PromptTask task, PolicyVersion version) {
    return judged(task, version, Outcome.OUTCOME_EQUAL, 1);
  }

  /** The same, with both right, of which a second reward function likes one better. */
  static ScoredGroup rightWithDifferentRewards(PromptTask task, PolicyVersion version) {
    return judged(task, version, Outcome.OUTCOME_EQUAL, 0.25);
  }

  /** The same, where a second reward function makes the wrong one earn as much as the right one. */
  static ScoredGroup mixedWithEqualRewards(PromptTask task, PolicyVersion version) {
    return judged(task, version, Outcome.OUTCOME_NOT_EQUAL, 1);
  }

  private static ScoredGroup judged(
      PromptTask task, PolicyVersion version, Outcome second, double reward) {
    ScoredGroup.Builder scored = scored(task, version).toBuilder();
    scored.getVerdictsBuilder(1).setOutcome(second).setReward(reward);
    return scored.build();
  }

  static ScoredGroup scored(PromptTask task, PolicyVersion version) {
    return scored(GroupKey.of(task.getId()), version);
  }

  /** Right or wrong, and worth 1 or nothing. */
  static Verdict verdict(boolean right) {
    return Verdict.newBuilder()
        .setOutcome(right ? Outcome.OUTCOME_EQUAL : Outcome.OUTCOME_NOT_EQUAL)
        .setReward(right ? 1 : 0)
        .build();
  }

  private static Rollout rollout(PolicyVersion version, FinishReason reason, Integer... tokens) {
    Rollout.Builder rollout =
        Rollout.newBuilder()
            .addAllTokens(List.of(tokens))
            .setFinishReason(reason)
            .addVersions(VersionSpan.newBuilder().setVersion(version).setTokens(tokens.length));
    for (int i = 0; i < tokens.length; i++) {
      rollout.addLogProbabilities(-1 - i);
    }
    return rollout.build();
  }

  static DeadLetter dead(GroupKey key) {
    return DeadLetter.newBuilder().setId(key.toProto("test")).setReason("poison").build();
  }
}
