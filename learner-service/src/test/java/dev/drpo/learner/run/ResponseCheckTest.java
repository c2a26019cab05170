package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.RolloutGroup;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Against groups of two responses, with two tokens and three, of which 7 is the largest. */
class ResponseCheckTest {
  private static final GroupKey TRAINING = Records.training(0, "p");
  private static final GroupKey EVALUATION = Records.evaluation(0, "p");

  @Test
  void aGroupThatIsWhatTheRunAskedForHasNoDefect() {
    assertThat(check(2, 9, 3, 8).defect(group(TRAINING))).isEmpty();
    assertThat(check(9, 2, 3, 8).defect(group(EVALUATION))).isEmpty();
  }

  @Test
  void aShortGroupAndALongOneAreNamedWhateverTheySayOfThemselves() {
    assertDefect(check(3, 2, 3, 8), TRAINING, "2 rollouts, but the run asked for 3");
    assertDefect(check(2, 1, 3, 8), EVALUATION, "2 rollouts, but the run asked for 1");
  }

  @Test
  void aResponseBeyondTheBudgetIsNamed() {
    assertDefect(check(2, 2, 2, 8), TRAINING, "rollout 1 has 3 tokens, but the run asked for 2");
  }

  @Test
  void aTrainingResponseIsHeldToTheBudgetOfItsStepAndAnEvaluationToTheWholeOne() {
    ResponseCheck staged = new ResponseCheck(2, 2, step -> step < 5 ? 3 : 2, 3, 8);
    assertThat(staged.defect(group(Records.training(4, "p")))).isEmpty();
    assertThat(staged.defect(group(Records.evaluation(5, "p")))).isEmpty();
    assertDefect(
        staged, Records.training(5, "p"), "rollout 1 has 3 tokens, but the run asked for 2");
  }

  private static ResponseCheck check(int training, int evaluation, int tokens, int vocabulary) {
    return new ResponseCheck(training, evaluation, _ -> tokens, tokens, vocabulary);
  }

  @Test
  void aTokenThatThePolicyDoesNotHaveIsNamed() {
    assertDefect(
        check(2, 2, 3, 7),
        TRAINING,
        "rollout 1 has the token 7, but the policy has 7 tokens, as replica 'r7' sampled it");
    assertDefect(
        check(2, 2, 3, 8),
        TRAINING,
        group -> group.getRolloutsBuilder(0).setTokens(1, -1),
        "rollout 0 has the token -1");
  }

  private static void assertDefect(ResponseCheck check, GroupKey key, String defect) {
    assertDefect(check, key, group -> {}, defect);
  }

  private static void assertDefect(
      ResponseCheck check, GroupKey key, Consumer<RolloutGroup.Builder> damage, String defect) {
    RolloutGroup.Builder group = group(key).toBuilder();
    damage.accept(group);
    assertThat(check.defect(group.build())).get().asString().contains(defect);
  }

  private static RolloutGroup group(GroupKey key) {
    return Records.scored(key, PolicyVersion.getDefaultInstance()).getGroup().toBuilder()
        .setReplica("r7")
        .build();
  }
}
