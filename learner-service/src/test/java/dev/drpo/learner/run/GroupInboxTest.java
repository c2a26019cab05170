package dev.drpo.learner.run;

import static dev.drpo.learner.run.Records.dead;
import static dev.drpo.learner.run.Records.evaluation;
import static dev.drpo.learner.run.Records.scored;
import static dev.drpo.learner.run.Records.training;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.learner.counts.RunCounts;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupInboxTest {
  private static final PolicyVersion OLD = PolicyVersion.newBuilder().setStep(0).build();
  private static final PolicyVersion NEW = PolicyVersion.newBuilder().setStep(1).build();
  private static final GroupKey A = training(0, "a");
  private static final GroupKey B = training(0, "b");
  private static final GroupKey C = training(1, "c");

  private final MemoryLog<ScoredGroup> log = MemoryLog.awaited();
  private final MemoryLog<DeadLetter> letters = MemoryLog.optional();
  private final RunCounters counters = new RunCounters(RunCounts.NONE);
  private final GroupInbox inbox = new GroupInbox(log, letters, counters, () -> {}, Map.of(), 0);

  @Test
  void theFirstGroupOfAnIdentityWinsAndTheOthersAreCounted() throws InterruptedException {
    log.append(scored(A, OLD));
    log.append(scored(A, NEW));
    log.append(scored(B, NEW));
    inbox.await(List.of(A, B), arrived -> {});
    assertThat(inbox.get(A)).contains(scored(A, OLD));
    assertThat(inbox.get(B)).contains(scored(B, NEW));
    assertThat(counters.counts().groups().scored()).isEqualTo(2);
    assertThat(counters.counts().groups().duplicates()).isEqualTo(1);
    // Two groups of two and three tokens.
    assertThat(counters.counts().tokensGenerated()).isEqualTo(10);
  }

  @Test
  void whatArrivesForAFinishedStepIsADuplicate() throws InterruptedException {
    log.append(scored(A, OLD));
    inbox.await(List.of(A), arrived -> {});
    inbox.finishStep(0);
    assertThat(inbox.has(A)).isFalse();
    log.append(scored(A, OLD));
    log.append(scored(C, NEW));
    inbox.await(List.of(C), arrived -> {});
    assertThat(inbox.has(A)).isFalse();
    assertThat(counters.counts().groups().duplicates()).isEqualTo(1);
  }

  @Test
  void aDeadLetterStandsForItsGroup() throws InterruptedException {
    letters.append(dead(B));
    letters.append(DeadLetter.newBuilder().setReason("not even an id").build());
    log.append(scored(A, OLD));
    log.append(scored(C, OLD));
    List<Integer> told = new ArrayList<>();
    inbox.await(List.of(A, B, C), told::add);
    assertThat(told.getLast()).isEqualTo(3);
    assertThat(told).isSorted().doesNotHaveDuplicates();
    assertThat(inbox.get(B)).isEmpty();
    inbox.catchUp();
    assertThat(counters.counts().groups().deadLetters()).isEqualTo(2);
  }

  @Test
  void catchingUpReadsBothLogsToTheirEnds() throws InterruptedException {
    log.append(scored(A, OLD));
    log.append(scored(C, OLD));
    letters.append(dead(B));
    letters.append(dead(training(5, "z")));
    inbox.catchUp();
    assertThat(inbox.has(A)).isTrue();
    assertThat(inbox.has(B)).isTrue();
    assertThat(inbox.has(C)).isTrue();
    assertThat(inbox.has(training(5, "z"))).isTrue();
  }

  @Test
  void aRestartReadsOnAtTheFirstGroupThatIsNotTrained() throws InterruptedException {
    log.append(scored(A, OLD));
    long untrained = log.append(scored(C, OLD));
    log.append(scored(B, OLD));
    inbox.catchUp();
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, 0L));
    inbox.finishStep(0);
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, untrained));
    assertThat(inbox.positions()).isEqualTo(Map.of(0, 3L));
    inbox.finishStep(1);
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, 3L));
  }

  @Test
  void replayedRecordsAreNotCountedTwice() throws InterruptedException {
    log.append(scored(A, OLD));
    log.append(scored(C, OLD));
    log.append(scored(A, OLD));
    inbox.catchUp();
    inbox.finishStep(0);
    assertThat(counters.counts().groups().scored()).isEqualTo(2);
    assertThat(counters.counts().groups().duplicates()).isEqualTo(1);

    RunCounters restored = new RunCounters(counters.counts());
    Map<Integer, Long> countedUpTo = inbox.positions();
    log.seek(inbox.resumeOffsets());
    GroupInbox restarted =
        new GroupInbox(log, MemoryLog.optional(), restored, () -> {}, countedUpTo, 1);
    log.append(scored(B, OLD));
    restarted.catchUp();
    assertThat(restarted.get(C)).contains(scored(C, OLD));
    assertThat(restarted.has(A)).isFalse();
    assertThat(restored.counts().groups().scored()).isEqualTo(2);
    // Only what was appended after the checkpoint is new to the counters.
    assertThat(restored.counts().groups().duplicates()).isEqualTo(2);
    assertThat(restored.counts().tokensGenerated()).isEqualTo(10);
  }

  @Test
  void aRefusedGroupMakesRoomForAnotherOfItsIdentity() throws InterruptedException {
    log.append(scored(A, OLD));
    inbox.await(List.of(A), arrived -> {});
    inbox.refuse(A);
    assertThat(inbox.has(A)).isFalse();
    log.append(scored(A, NEW));
    inbox.await(List.of(A), arrived -> {});
    assertThat(inbox.get(A)).contains(scored(A, NEW));
  }

  @Test
  void evaluationGroupsAreOutsideTheCountersAndLeaveNothingBehind() throws InterruptedException {
    GroupKey evaluated = evaluation(0, "a");
    log.append(scored(evaluated, OLD));
    inbox.await(List.of(evaluated), arrived -> {});
    assertThat(inbox.has(A)).isFalse();
    inbox.finishEvaluation(0);
    log.append(scored(evaluated, OLD));
    inbox.catchUp();
    assertThat(inbox.has(evaluated)).isFalse();
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, 2L));
    assertThat(
            counters.counts().groups().scored()
                + counters.counts().groups().duplicates()
                + counters.counts().tokensGenerated())
        .isZero();
  }
}
