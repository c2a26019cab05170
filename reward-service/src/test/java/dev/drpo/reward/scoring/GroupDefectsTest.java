package dev.drpo.reward.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
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
    assertDefect(Groups.group("other", "p", "1", "a"), "run 'other'");
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
        second(rollout -> rollout.clearVersions()), "rollout 1 has 2 tokens but policy versions");
    assertDefect(
        second(rollout -> rollout.setFinishReason(FinishReason.FINISH_REASON_UNSPECIFIED)),
        "rollout 1 has no finish reason");
  }

  private static RolloutGroup.Builder group() {
    return Groups.group("run", "p", "1", "a", "b");
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
