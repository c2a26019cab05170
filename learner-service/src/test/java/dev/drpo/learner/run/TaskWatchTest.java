package dev.drpo.learner.run;

import static dev.drpo.learner.run.Records.dead;
import static dev.drpo.learner.run.Records.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.runtime.messaging.QueueBacklog.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskWatchTest {
  @TempDir Path folder;
  private Fixture fixture;
  private PolicyVersion version;

  @BeforeEach
  void open() throws IOException {
    fixture = new Fixture(folder);
    version = fixture.published(0);
  }

  @Test
  void tasksThatNobodyWorksOnAreSentAgainUntilTheirGroupsAreThere() throws Exception {
    fixture.lookForLostTasks(new Answer.Open(0), new Answer.Open(0));
    // Of three tasks, one is lost once and one twice.
    loseTasks(2, 3, 4);
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    assertThat(steps.collect(0).groups()).hasSize(3);
    assertThat(fixture.sent).hasSize(6);
    List<PromptTask> sent = fixture.sent;
    assertThat(sent.subList(3, 6))
        .extracting(PromptTask::getId)
        .containsExactly(sent.get(1).getId(), sent.get(2).getId(), sent.get(1).getId());
    assertThat(fixture.counted().resent()).isEqualTo(3);
    assertThat(fixture.counted().dispatched()).isEqualTo(3);
    assertThat(fixture.counted().duplicates()).isZero();
  }

  @Test
  void tasksOfAnEvaluationAreSentAgainLikewise() throws Exception {
    fixture.lookForLostTasks(new Answer.Open(0), new Answer.Open(0));
    loseTasks(1);
    assertThat(fixture.evaluator().evaluate(0).problems()).isEqualTo(3);
    assertThat(fixture.sent).hasSize(4);
    assertThat(fixture.counted().resent()).isEqualTo(1);
  }

  static List<List<Answer>> unfinished() {
    return List.of(
        List.of(new Answer.Open(1), new Answer.Open(0)),
        List.of(new Answer.Open(0), new Answer.Open(1)),
        List.of(new Answer.Away(), new Answer.Open(0)),
        List.of(new Answer.Open(0), new Answer.Away()));
  }

  @ParameterizedTest
  @MethodSource("unfinished")
  void nothingIsLostWhileSomebodyMayWorkOnItOrTheBrokerIsAway(List<Answer> answers)
      throws InterruptedException {
    fixture.lookForLostTasks(answers.get(0), answers.get(1));
    loseTasks(1);
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    assertThatThrownBy(() -> steps.collect(0)).hasMessageContaining("waits for a record");
    assertThat(fixture.sent).hasSize(3);
    assertThat(fixture.counted().resent()).isZero();
  }

  @Test
  void whatLiesUnreadInTheLogsIsNotLost() throws InterruptedException {
    fixture.lookForLostTasks(new Answer.Open(0), new Answer.Open(0));
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
    assertThat(steps.collect(0).groups()).hasSize(2);
    assertThat(fixture.counted().resent()).isZero();
  }

  @Test
  void whatWaitsForItsWeightsIsNotLost() throws InterruptedException {
    fixture.lookForLostTasks(new Answer.Open(0), new Answer.Open(0));
    fixture.onTask(task -> fixture.scored.append(scored(task, version)));
    StepGroups steps = fixture.steps(0, 0);
    fixture.holdPublication(() -> {});
    steps.dispatchFrom(0);
    assertThat(steps.collect(0).groups()).hasSize(3);
    assertThat(fixture.sent).hasSize(3);
    assertThat(fixture.counted().resent()).isZero();
  }

  @Test
  void whereTheBrokerDoesNotTellSilenceDecides() throws InterruptedException {
    fixture.lookForLostTasks(new Answer.Untold("no right"), new Answer.Open(0));
    loseTasks(1);
    StepGroups steps = fixture.steps(0, 0);
    steps.dispatchFrom(0);
    assertThat(steps.collect(0).groups()).hasSize(3);
    assertThat(fixture.counted().resent()).isEqualTo(1);
  }

  /** Answers every task but some, by the order in which they are sent, from 1. */
  private void loseTasks(Integer... lost) {
    fixture.onTask(
        task -> {
          if (!List.of(lost).contains(fixture.sent.size())) {
            fixture.scored.append(scored(task, version));
          }
        });
  }
}
