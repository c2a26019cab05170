package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.objectives.Signal;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps of three problems out of twelve, some of whose groups teach nothing. */
class RefillTest {
  @TempDir Path folder;
  private Fixture fixture;

  /** Which of the tasks, in the order they are sent out, have groups without signal. */
  private final Set<Integer> unanimous = new HashSet<>();

  private final Set<Integer> dead = new HashSet<>();

  @BeforeEach
  void open() throws IOException {
    fixture = new Fixture(folder);
    PolicyVersion version = fixture.published(0);
    fixture.onTask(
        task -> {
          int number = fixture.sent.size() - 1;
          if (dead.contains(number)) {
            fixture.letters.append(Records.dead(GroupKey.of(task.getId())));
          } else {
            fixture.scored.append(
                unanimous.contains(number)
                    ? Records.withoutSignal(task, version)
                    : Records.scored(task, version));
          }
        });
  }

  @Test
  void aGroupWithSignalTakesThePlaceOfOneWithout() throws InterruptedException {
    unanimous.add(1);
    StepGroups.Collected step = collect(5);

    assertThat(step.groups())
        .extracting(TrainingGroup::prompt)
        .containsExactly(prompt(0), prompt(3), prompt(2));
    assertThat(step.groups()).allMatch(group -> group.has(Signal.CORRECTNESS));
    assertThat(step.extra()).isEqualTo(1);
    assertThat(step.refilled()).isEqualTo(1);
    assertThat(fixture.counted().refilled()).isEqualTo(1);
    assertThat(fixture.counted().dispatched()).isEqualTo(4);
    assertThat(fixture.counted().scored()).isEqualTo(4);
    assertThat(fixture.status.snapshot().getPhaseGroupsDone()).isEqualTo(4);
    assertThat(fixture.status.snapshot().getPhaseGroupsTotal()).isEqualTo(4);
  }

  @Test
  void furtherPromptsAreAskedForUntilEveryPlaceHasSignal() throws InterruptedException {
    unanimous.addAll(Set.of(0, 2, 3, 5));
    StepGroups.Collected step = collect(9);

    // Two for 0 and 2, of which 3 is unanimous too; then one by one until 6.
    assertThat(step.groups())
        .extracting(TrainingGroup::prompt)
        .containsExactly(prompt(4), prompt(1), prompt(6));
    assertThat(step.extra()).isEqualTo(4);
    assertThat(step.refilled()).isEqualTo(2);
  }

  @Test
  void atTheBoundTheStepGoesOnWithWhatItHas() throws InterruptedException {
    unanimous.addAll(Set.of(0, 1, 2, 3));
    StepGroups.Collected step = collect(2);

    assertThat(step.groups())
        .extracting(TrainingGroup::prompt)
        .containsExactly(prompt(4), prompt(1), prompt(2));
    assertThat(step.extra()).isEqualTo(2);
    assertThat(step.refilled()).isEqualTo(1);
  }

  @Test
  void aDeadLettersPlaceIsRefilledToo() throws InterruptedException {
    dead.add(2);
    assertThat(collect(2).groups())
        .extracting(TrainingGroup::prompt)
        .containsExactly(prompt(0), prompt(1), prompt(3));
  }

  @Test
  void whereEveryGroupHasSignalNothingMoreIsSentOut() throws InterruptedException {
    StepGroups.Collected step = collect(5);
    assertThat(fixture.sent).hasSize(3);
    assertThat(step.extra() + step.refilled()).isZero();
  }

  @Test
  void switchedOffGroupsWithoutSignalStay() throws InterruptedException {
    unanimous.addAll(Set.of(0, 1, 2));
    StepGroups.Collected step = collect(0);
    assertThat(fixture.sent).hasSize(3);
    assertThat(step.groups()).hasSize(3).noneMatch(group -> group.has(Signal.CORRECTNESS));
  }

  /**
   * With a second reward function, the first group is all right and differs in its rewards, the
   * second is mixed and does not, and the third differs in both.
   */
  @ParameterizedTest
  @CsvSource({"false, 0", "true, 1"})
  void whatIsRefilledIsWhatTheObjectiveCanNotLearnFrom(boolean realRewards, int refilled)
      throws InterruptedException {
    PolicyVersion version = fixture.published(0);
    fixture.onTask(
        task ->
            fixture.scored.append(
                switch (fixture.sent.size() - 1) {
                  case 0 -> Records.rightWithDifferentRewards(task, version);
                  case 1 -> Records.mixedWithEqualRewards(task, version);
                  default -> Records.scored(task, version);
                }));
    Signal signal = realRewards ? Signal.REWARD : Signal.CORRECTNESS;
    fixture.learnsFrom(signal);

    StepGroups.Collected step = collect(5);

    List<String> expected = new ArrayList<>(List.of(prompt(0), prompt(1), prompt(2)));
    expected.set(refilled, prompt(3));
    assertThat(step.groups()).extracting(TrainingGroup::prompt).isEqualTo(expected);
    assertThat(step.groups()).allMatch(group -> group.has(signal));
    assertThat(step.refilled()).isEqualTo(1);
  }

  @Test
  void aResumedRunAsksForTheSamePromptsAndOnlyForThoseThatHaveNotArrived()
      throws InterruptedException {
    unanimous.addAll(Set.of(0, 2, 3, 5));
    StepGroups.Collected first = collect(9);
    List<PromptTask> sent = List.copyOf(fixture.sent);

    // All but the last group are in the log when the next process begins.
    fixture.inbox.refuse(GroupKey.of(sent.getLast().getId()));
    fixture.sent.clear();
    unanimous.clear();
    StepGroups.Collected again = collect(9);

    assertThat(fixture.sent).extracting(PromptTask::getId).containsExactly(sent.getLast().getId());
    // How long things took is of each time its own.
    assertThat(again).usingRecursiveComparison().ignoringFields("times").isEqualTo(first);
  }

  @Test
  void furtherPromptsMayBeAsStaleAsTheOthersOfTheirStep() throws InterruptedException {
    unanimous.add(1);
    collect(5);
    assertThat(fixture.sent)
        .allSatisfy(
            task -> {
              assertThat(task.getId().getStep()).isZero();
              assertThat(task.getRequiredPolicyStep()).isZero();
            });
    assertThat(fixture.sent).extracting(PromptTask::getId).doesNotHaveDuplicates();
  }

  private StepGroups.Collected collect(int mostExtraGroups) throws InterruptedException {
    StepGroups steps = fixture.refilling(mostExtraGroups);
    steps.dispatchFrom(0);
    return steps.collect(0);
  }

  private String prompt(int sent) {
    return fixture.sent.get(sent).getId().getPrompt();
  }
}
