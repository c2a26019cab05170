package dev.drpo.runtime.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GroupDefectsTest {

  @Test
  void aCompleteGroupHasNoDefect() {
    assertThat(GroupDefects.find(group().build(), "run")).isEmpty();
  }

  @Test
  void everyDefectOfAGroupIsNamed() {
    assertDefect(group().clearGolds(), "no golds");
    assertDefect(group().addGolds(" "), "golds is empty");
    assertDefect(group().clearRollouts(), "no rollouts");
    assertDefect(group().removeRollouts(0), "1 rollouts, but 2 were asked for");
    RolloutGroup.Builder foreign = group();
    foreign.getIdBuilder().setRun("other");
    assertDefect(foreign, "run 'other'");
    RolloutGroup.Builder unnamed = group();
    unnamed.getIdBuilder().clearPrompt();
    assertDefect(unnamed, "no prompt");
    RolloutGroup.Builder aimless = group();
    aimless.getIdBuilder().setPurpose(Purpose.PURPOSE_UNSPECIFIED);
    assertDefect(aimless, "neither training nor evaluation");
  }

  @Test
  void everyDefectOfARolloutIsNamedWithItsIndex() {
    assertDefect(second(rollout -> rollout.clearTokens()), "rollout 1 has no tokens");
    assertDefect(
        second(rollout -> rollout.addTokens(9)), "rollout 1 has 3 tokens but 2 log-probabilities");
    assertDefect(
        second(rollout -> rollout.setLogProbabilities(0, Float.NaN)), "rollout 1 has a log-prob");
    assertDefect(
        second(rollout -> rollout.setLogProbabilities(1, 0.5f)),
        "rollout 1 has a log-probability above 0");
    assertDefect(
        second(rollout -> rollout.addSamplingLogProbabilities(-1)),
        "rollout 1 has 2 tokens but 1 sampling log-probabilities");
    assertDefect(
        second(
            rollout ->
                rollout.addAllSamplingLogProbabilities(List.of(-1f, Float.NEGATIVE_INFINITY))),
        "rollout 1 has a log-probability that is not finite");
    assertDefect(
        second(rollout -> rollout.clearVersions()), "rollout 1 has 2 tokens but policy versions");
    assertDefect(
        second(rollout -> rollout.setFinishReason(FinishReason.FINISH_REASON_UNSPECIFIED)),
        "rollout 1 has no finish reason");
  }

  @Test
  void everyDefectOfAScoredGroupIsNamed() {
    assertThat(GroupDefects.find(scored(group()).build(), "run")).isEmpty();
    assertScoredDefect(scored(group().clearRollouts()), "no rollouts");
    RolloutGroup.Builder foreign = group();
    foreign.getIdBuilder().setRun("other");
    assertScoredDefect(scored(foreign), "run 'other'");
    assertScoredDefect(scored(group()).removeVerdicts(0), "2 rollouts but 1 verdicts");
    assertScoredDefect(
        scored(group()).setVerdicts(1, Verdict.newBuilder().setReward(Double.NaN)),
        "verdict 1 has a reward that is not finite");
    assertScoredDefect(
        scored(second(rollout -> rollout.clearLogProbabilities())),
        "rollout 1 has 2 tokens but 0 log-probabilities");
  }

  private static ScoredGroup.Builder scored(RolloutGroup.Builder group) {
    return ScoredGroup.newBuilder()
        .setGroup(group)
        .addVerdicts(Verdict.newBuilder().setReward(1))
        .addVerdicts(Verdict.newBuilder().setReward(0));
  }

  private static void assertScoredDefect(ScoredGroup.Builder scored, String defect) {
    assertThat(GroupDefects.find(scored.build(), "run")).get().asString().contains(defect);
  }

  private static RolloutGroup.Builder group() {
    return RolloutGroup.newBuilder()
        .setId(
            GroupId.newBuilder().setRun("run").setPrompt("p").setPurpose(Purpose.PURPOSE_TRAINING))
        .addGolds("1")
        .setSampling(SamplingParameters.newBuilder().setGroupSize(2))
        .addRollouts(rollout())
        .addRollouts(rollout());
  }

  private static Rollout rollout() {
    return Rollout.newBuilder()
        .addAllTokens(List.of(3, 4))
        .addAllLogProbabilities(List.of(-1f, -2f))
        .setFinishReason(FinishReason.FINISH_REASON_STOP)
        .addVersions(VersionSpan.newBuilder().setTokens(2))
        .build();
  }

  private static RolloutGroup.Builder second(Consumer<Rollout.Builder> damage) {
    RolloutGroup.Builder group = group();
    damage.accept(group.getRolloutsBuilder(1));
    return group;
  }

  private static void assertDefect(RolloutGroup.Builder group, String defect) {
    assertThat(GroupDefects.find(group.build(), "run")).get().asString().contains(defect);
  }
}
