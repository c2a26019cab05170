package dev.drpo.learner.run;

import static dev.drpo.learner.run.Fixture.stranger;
import static dev.drpo.learner.run.Records.dead;
import static dev.drpo.learner.run.Records.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.objectives.TokenSpan;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepGroupsTest {
  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new Fixture(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 9})
  void promptsNeverRunAheadOfThePolicyByMoreThanTheLag(int maxLag) throws InterruptedException {
    StepGroups steps = fixture.steps(maxLag, 0);
    for (long step = 0; step < 4; step++) {
      steps.dispatchFrom(step);
      long furthest = Math.min(3, step + maxLag);
      assertThat(Collections.max(fixture.sentSteps())).isEqualTo(furthest);
      assertThat(fixture.sent).hasSize((int) (furthest + 1) * 3);
    }
    for (PromptTask task : fixture.sent) {
      assertThat(task.getRequiredPolicyStep())
          .isEqualTo(Math.max(0, task.getId().getStep() - maxLag));
    }
    assertThat(fixture.sent).extracting(PromptTask::getId).doesNotHaveDuplicates();
    assertThat(fixture.counted().dispatched()).isEqualTo(12);
  }

  @Test
  void aTaskCarriesItsProblemAndHowToSample() throws InterruptedException {
    fixture.steps(0, 0).dispatchFrom(0);
    PromptTask task = fixture.sent.getFirst();
    int problem = task.getPromptTokens(1);
    assertThat(task.getId()).isEqualTo(Records.training(0, "p" + problem).toProto("test"));
    assertThat(task.getPromptTokensList()).containsExactly(1, problem);
    assertThat(task.getGoldsList()).containsExactly("g" + problem, "h" + problem);
    assertThat(task.getMetadataMap()).containsEntry("level", "1");
    assertThat(task.getSampling().getGroupSize()).isEqualTo(8);
    assertThat(task.getSampling().getTemperature()).isEqualTo(0.6);
    assertThat(task.getSampling().getMaxResponseTokens()).isEqualTo(8192);
    assertThat(task.getCreatedAtMillis()).isPositive();
  }

  @Test
  void everyTaskHasTheResponseBudgetOfItsStep() throws InterruptedException {
    Map<String, String> stages = Map.of("sampling.response-budgets", "1:512,3:256");
    StepGroups steps = fixture.steps(fixture.config(2, 0, stages), 0);
    steps.dispatchFrom(0);
    assertThat(budgets()).containsExactly(8192, 8192, 8192, 512, 512, 512, 512, 512, 512);
    steps.dispatchFrom(1);
    assertThat(budgets()).hasSize(12).endsWith(256, 256, 256);
  }

  @Test
  void aResponseHasTheTailThatItsVerdictTells() throws InterruptedException {
    PolicyVersion version = fixture.published(0);
    // A character for each token: the wrong response has three of them.
    fixture.findTailsBy(TailTokens.by(tokens -> "x".repeat(tokens.length)));
    fixture.onTask(
        task -> {
          ScoredGroup.Builder group = scored(task, version).toBuilder();
          group.getGroupBuilder().getRolloutsBuilder(0).setText("xx");
          group.getVerdictsBuilder(0).setTailStart(1).setTailEnd(2);
          fixture.scored.append(group.build());
        });
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    assertThat(steps.collect(0).groups())
        .allSatisfy(
            group ->
                assertThat(group.samples())
                    .extracting(TrainingGroup.Sample::tail)
                    .containsExactly(new TokenSpan(1, 2), TokenSpan.NONE));
  }

  private List<Integer> budgets() {
    return fixture.sent.stream().map(task -> task.getSampling().getMaxResponseTokens()).toList();
  }

  @Test
  void groupsComeInTheOrderOfTheStepsProblemsHoweverTheyArrive() throws InterruptedException {
    PolicyVersion version = fixture.published(0);
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    List<PromptTask> backwards = new ArrayList<>(fixture.sent).reversed();
    backwards.forEach(task -> fixture.scored.append(scored(task, version)));
    List<TrainingGroup> groups = steps.collect(0).groups();
    assertThat(groups)
        .extracting(TrainingGroup::prompt)
        .containsExactlyElementsOf(
            fixture.sent.stream().map(task -> task.getId().getPrompt()).toList());
    TrainingGroup.Sample right = groups.getFirst().samples().get(0);
    TrainingGroup.Sample wrong = groups.getFirst().samples().get(1);
    assertThat(right.tokens()).containsExactly(4, 0);
    assertThat(right.logProbabilities()).containsExactly(-1, -2);
    assertThat(right.correct()).isTrue();
    assertThat(right.truncated()).isFalse();
    assertThat(right.reward()).isEqualTo(1);
    assertThat(wrong.correct()).isFalse();
    assertThat(wrong.reward()).isEqualTo(0.25);
    assertThat(wrong.truncated()).isTrue();
    assertThat(groups.getFirst().responseTokens()).isEqualTo(5);
  }

  @Test
  void aResumedRunSendsOutOnlyWhatHasNotArrived() throws InterruptedException {
    PolicyVersion version = fixture.published(0);
    fixture.steps(1, 0).dispatchFrom(0);
    List<PromptTask> first = List.copyOf(fixture.sent);
    fixture.sent.clear();
    fixture.scored.append(scored(first.get(1), version));
    fixture.scored.append(scored(first.get(5), version));
    // What was wrong with it may be mended by now.
    fixture.letters.append(dead(GroupKey.of(first.get(2).getId())));
    fixture.inbox.catchUp();
    long before = fixture.counted().dispatched();

    fixture.steps(1, 0).dispatchFrom(0);
    assertThat(fixture.sent)
        .extracting(PromptTask::getId)
        .containsExactly(
            first.get(0).getId(), first.get(2).getId(), first.get(3).getId(), first.get(4).getId());
    assertThat(fixture.counted().dispatched() - before).isEqualTo(6);
  }

  /**
   * Replicas rely on it: a task whose weights the newest announcement has not reached was sent by
   * an earlier life, and they drop it.
   */
  @Test
  void aRunThatResumesStepsBackSendsEverythingAgainAndNeverBeforeItsWeightsAreAnnounced()
      throws InterruptedException {
    int maxLag = 1;
    StepGroups earlier = fixture.steps(maxLag, 0);
    for (long step = 0; step < 4; step++) {
      earlier.dispatchFrom(step);
    }
    List<PromptTask> sentEarlier = List.copyOf(fixture.sent);
    fixture.sent.clear();
    StepGroups resumed = fixture.steps(maxLag, 1);
    for (long announced = 1; announced < 4; announced++) {
      int before = fixture.sent.size();
      resumed.dispatchFrom(announced);
      long newest = announced;
      assertThat(fixture.sent.subList(before, fixture.sent.size()))
          .allSatisfy(task -> assertThat(task.getRequiredPolicyStep()).isLessThanOrEqualTo(newest));
    }
    assertThat(fixture.sent)
        .extracting(PromptTask::getId)
        .containsExactlyElementsOf(
            sentEarlier.stream().map(PromptTask::getId).filter(id -> id.getStep() >= 1).toList());
  }

  @Test
  void aDeadLetterUnblocksItsStep() throws InterruptedException {
    PolicyVersion version = fixture.published(0);
    fixture.onTask(
        task -> {
          if (fixture.sent.size() == 1) {
            fixture.letters.append(dead(GroupKey.of(task.getId())));
          } else {
            fixture.scored.append(scored(task, version));
          }
        });
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    assertThat(steps.collect(0).groups())
        .extracting(TrainingGroup::prompt)
        .containsExactly(
            fixture.sent.get(1).getId().getPrompt(), fixture.sent.get(2).getId().getPrompt());
    assertThat(fixture.counted().deadLetters()).isEqualTo(1);
  }

  @Test
  void aStepOfDeadLettersOnlyEndsTheRunWithTheRemedy() throws InterruptedException {
    fixture.onTask(task -> fixture.letters.append(dead(GroupKey.of(task.getId()))));
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    fixture.inbox.readToTheEnd();
    assertThatThrownBy(() -> steps.collect(0))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining("every group of step 0 became a dead letter")
        .hasMessageContaining("resume");
  }

  @Test
  void noTaskIsSentBeforeTheWeightsItAsksForAreOutAndNobodyWaitsForThat()
      throws InterruptedException {
    fixture.published(0);
    fixture.onTask(task -> fixture.scored.append(scored(task, stranger(0))));
    StepGroups steps = fixture.steps(1, 0);
    steps.dispatchFrom(0);
    assertThat(fixture.sent).hasSize(6);

    fixture.holdPublication(() -> {});
    steps.dispatchFrom(1);
    assertThat(fixture.sent).hasSize(6);
    assertThat(steps.collect(1).groups()).hasSize(3);
    assertThat(fixture.sent).hasSize(6);

    fixture.bringOut();
    assertThat(fixture.sent).hasSize(9);
  }

  @Test
  void aGroupThatIsThereBeforeItsWeightsArePublishedAgainIsKept() throws InterruptedException {
    // As a resumed learner meets it, whose publication goes on beside the next step.
    fixture.onTask(task -> fixture.scored.append(scored(task, stranger(0))));
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    fixture.holdPublication(() -> fixture.published(0));
    assertThat(steps.collect(0).groups()).hasSize(3);
    assertThat(fixture.sent).hasSize(3);
    assertThat(fixture.counted().scored()).isEqualTo(3);
  }

  @Test
  void groupsThatADeadProcessSentForAfterItsCheckpointAreCountedOnce() throws InterruptedException {
    int maxLag = 1;
    PolicyVersion version = fixture.published(1);
    StepGroups dead = fixture.steps(maxLag, 0);
    dead.dispatchFrom(0);
    // The checkpoint after the first step has counted the tasks of two; the dead process sent more.
    long counted = fixture.counted().dispatched();
    dead.dispatchFrom(1);
    fixture.sent.stream()
        .filter(task -> task.getId().getStep() >= 1)
        .forEach(task -> fixture.scored.append(scored(task, version)));
    fixture.inbox.catchUp();
    fixture.sent.clear();
    long before = fixture.counted().dispatched();

    fixture.steps(maxLag, 1).dispatchFrom(1);
    assertThat(fixture.sent).isEmpty();
    assertThat(counted + fixture.counted().dispatched() - before).isEqualTo(9);
    assertThat(fixture.counted().scored()).isEqualTo(6);
  }

  @Test
  void groupsOfWeightsThatAreTooOldAreSampledAgain() throws InterruptedException {
    PolicyVersion older = fixture.published(1);
    PolicyVersion version = fixture.published(2);
    fixture.onTask(
        task -> fixture.scored.append(scored(task, fixture.sent.size() == 2 ? older : version)));
    StepGroups steps = fixture.steps(0, 2);
    steps.dispatchFrom(2);
    assertThat(steps.collect(2).groups()).hasSize(3);
    assertThat(fixture.sent).hasSize(4);
    assertThat(fixture.sent.get(3).getId()).isEqualTo(fixture.sent.get(1).getId());
  }

  @Test
  void groupsOfWeightsThatWereNeverPublishedAreSampledAgain() throws InterruptedException {
    PolicyVersion version = fixture.published(0);
    PolicyVersion halfDigest =
        version.toBuilder().setDigest(ByteString.copyFrom(new byte[16])).build();
    fixture.onTask(
        task ->
            fixture.scored.append(
                scored(
                    task,
                    switch (fixture.sent.size()) {
                      case 1 -> stranger(7);
                      case 2 -> halfDigest;
                      default -> version;
                    })));
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    List<TrainingGroup> groups = steps.collect(0).groups();
    assertThat(groups).hasSize(3);
    assertThat(fixture.sent).hasSize(5);
    assertThat(fixture.sent.get(3).getId()).isEqualTo(fixture.sent.get(0).getId());
    assertThat(fixture.sent.get(4).getId()).isEqualTo(fixture.sent.get(1).getId());
    assertThat(fixture.counted().dispatched()).isEqualTo(5);
    assertThat(groups)
        .allSatisfy(
            group ->
                assertThat(group.samples())
                    .allSatisfy(
                        sample ->
                            assertThat(sample.sampledBy())
                                .isEqualTo(PolicyRecords.version(version))));
  }
}
