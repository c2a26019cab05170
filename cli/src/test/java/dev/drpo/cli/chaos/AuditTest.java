package dev.drpo.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.runtime.records.GroupsDigest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two steps of two groups each, and what an audit says where something is amiss. */
class AuditTest {
  private static final int STEPS = 2;
  private static final int PROMPTS = 2;

  private final Evidence evidence = new Evidence();

  @BeforeEach
  void aRunAsItShouldBe() {
    for (int step = 0; step < STEPS; step++) {
      announce(step, "w" + step);
      for (String prompt : List.of("a", "b")) {
        dispatch(step, prompt);
        score(step, prompt, 1, "w" + step);
      }
    }
  }

  @Test
  void aRunAsItShouldBeHasNoViolation() {
    Audit.Result result = audit(files(step(0, "a", "b"), step(1, "a", "b")));
    assertThat(result.violations()).isEmpty();
    assertThat(result.dispatched()).isEqualTo(4);
    assertThat(result.trained()).isEqualTo(4);
    assertThat(result.lost()).isZero();
    assertThat(result.again()).isZero();
  }

  @Test
  void whatIsDeliveredAgainIsCountedAndNoViolation() {
    dispatch(1, "a");
    score(1, "a", 1, "w1");
    Audit.Result result = audit(files(step(0, "a", "b"), step(1, "a", "b")));
    assertThat(result.violations()).isEmpty();
    assertThat(result.again()).isEqualTo(3);
  }

  @Test
  void aGroupThatAStepDidNotLearnFromIsLost() {
    Audit.Result result = audit(files(step(0, "a", "b"), step(1, "a")));
    assertThat(result.lost()).isEqualTo(2);
    assertThat(result.violations()).anyMatch(it -> it.contains("step 2 did not learn from the 2"));
  }

  @Test
  void soIsOneThatAStepLearnedFromTwice() {
    assertThat(audit(files(step(0, "a", "b", "b"), step(1, "a", "b"))).violations())
        .anyMatch(it -> it.contains("step 1 did not learn from the 2"));
  }

  @Test
  void aTaskThatNeverCameBackIsNamed() {
    dispatch(1, "c");
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"))).violations())
        .contains("c of step 2 was sent out and never came back")
        .anyMatch(it -> it.contains("3 groups were sent out for step 2, not 2"));
  }

  @Test
  void soIsAnEvaluationsTask() {
    evidence.dispatched(
        PromptTask.newBuilder()
            .setId(id(2, "e").toBuilder().setPurpose(Purpose.PURPOSE_EVALUATION))
            .build());
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"))).violations())
        .containsExactly("e of the evaluation of policy 2 was sent out and never came back");
  }

  @Test
  void stepsAreTakenInOrderAndOnce() {
    assertThat(audit(files(step(0, "a", "b"), step(0, "a", "b"), step(1, "a", "b"))).violations())
        .anyMatch(it -> it.contains("the metrics have steps [1, 1, 2]"));
    assertThat(audit(files(step(0, "a", "b"))).violations())
        .anyMatch(it -> it.contains("2 groups were sent out for step 2, which was never taken"));
  }

  @Test
  void aDuplicateOfOtherContentIsFound() {
    score(1, "b", 2, "w1");
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"))).violations())
        .containsExactly("b of step 2 was sampled 2 times, and differently with the same weights");
  }

  @Test
  void aTaskThatIsDeliveredAfterItsStepMayBeSampledWithLaterWeights() {
    announce(2, "w2");
    score(1, "b", 2, "w2");
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"))).violations()).isEmpty();
  }

  @Test
  void aGroupOfUnknownWeightsIsNoneToLearnFrom() {
    dispatch(1, "c");
    score(1, "c", 3, "other");
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b", "c"))).violations())
        .contains("c of step 2 was sent out and never came back");
  }

  @Test
  void aVersionWithTwoDigestsIsFound() {
    announce(1, "w1, but not quite");
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"))).violations())
        .containsExactly("version 1 was published with two digests");
  }

  @Test
  void aDeadLetterNeedsItsReasonAndItsRecord() {
    evidence.buried(
        DeadLetter.newBuilder()
            .setSourceTopic("t")
            .setReason("r")
            .setOriginalValue(bytes("x"))
            .build());
    RunFiles files = files(step(0, "a", "b"), step(1, "a", "b"));
    assertThat(audit(files).violations()).isEmpty();
    evidence.buried(DeadLetter.newBuilder().setSourceTopic("t").setReason("r").build());
    evidence.buried(
        DeadLetter.newBuilder().setSourceTopic("t").setOriginalValue(bytes("x")).build());
    assertThat(audit(files).violations()).hasSize(2).allMatch(it -> it.contains("from t@0 lacks"));
  }

  @Test
  void whatCanNotBeReadIsAViolation() {
    evidence.read(false);
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"))).violations())
        .containsExactly("1 records can't be parsed");
  }

  @Test
  void recordsThatWereRemovedUnreadMatterWhereNothingElseShowsTheirGroup() {
    evidence.removed(3);
    Audit.Result result = audit(files(step(0, "a", "b"), step(1, "a", "b")));
    assertThat(result.unread()).isEqualTo(3);
    assertThat(result.violations()).isEmpty();
    assertThat(audit(files(step(0, "a", "b"), step(1, "a", "b"), step(2, "a", "b"))).violations())
        .isNotEmpty();
  }

  private Audit.Result audit(RunFiles files) {
    return new Audit(evidence, files, STEPS, PROMPTS).result();
  }

  private static RunFiles files(RunFiles.Step... steps) {
    return new RunFiles("digest", (long) STEPS * PROMPTS, List.of(steps), 1);
  }

  /** A step as its learner tells it that learned from some groups. */
  private static RunFiles.Step step(int step, String... prompts) {
    GroupsDigest digest = new GroupsDigest();
    for (String prompt : prompts) {
      digest.add(
          prompt,
          List.of(new GroupsDigest.Response(new int[] {1, step}, new float[] {-1, -2}, true, 1)));
    }
    return new RunFiles.Step(step + 1, digest.hex());
  }

  private void dispatch(int step, String prompt) {
    evidence.dispatched(PromptTask.newBuilder().setId(id(step, prompt)).build());
  }

  private void score(int step, String prompt, int firstToken, String weights) {
    RolloutGroup group =
        RolloutGroup.newBuilder()
            .setId(id(step, prompt))
            .addRollouts(
                Rollout.newBuilder()
                    .addTokens(firstToken)
                    .addTokens(step)
                    .addLogProbabilities(-1)
                    .addLogProbabilities(-2)
                    .addVersions(
                        VersionSpan.newBuilder().setVersion(version(step, weights)).setTokens(2)))
            .build();
    evidence.sampled(group);
    evidence.scored(
        ScoredGroup.newBuilder()
            .setGroup(group)
            .addVerdicts(Verdict.newBuilder().setOutcome(Outcome.OUTCOME_EQUAL).setReward(1))
            .build());
  }

  private void announce(int step, String weights) {
    evidence.announced(WeightAnnouncement.newBuilder().setVersion(version(step, weights)).build());
  }

  private static PolicyVersion version(int step, String weights) {
    return PolicyVersion.newBuilder().setStep(step).setDigest(bytes(weights)).build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static GroupId id(int step, String prompt) {
    return GroupId.newBuilder()
        .setRun("run")
        .setPurpose(Purpose.PURPOSE_TRAINING)
        .setStep(step)
        .setPrompt(prompt)
        .build();
  }
}
