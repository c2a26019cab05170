package dev.drpo.learner.run;

import static dev.drpo.learner.run.Records.dead;
import static dev.drpo.learner.run.Records.evaluation;
import static dev.drpo.learner.run.Records.scored;
import static dev.drpo.learner.run.Records.training;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reports.Evaluation;
import dev.drpo.reports.RunCounts;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.testkit.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private int read;
  private final GroupInbox inbox =
      new GroupInbox(log, letters, counters, () -> {}, () -> read++, Map.of(), 0);

  @Test
  void theFirstGroupOfAnIdentityWinsAndTheOthersAreCounted() throws InterruptedException {
    log.append(scored(A, OLD));
    log.append(scored(A, NEW));
    log.append(scored(B, NEW));
    inbox.await(List.of(A, B), arrived -> {}, Duration.ofDays(1), silence -> {});
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
    inbox.await(List.of(A), arrived -> {}, Duration.ofDays(1), silence -> {});
    inbox.finishStep(0);
    assertThat(inbox.has(A)).isFalse();
    log.append(scored(A, OLD));
    log.append(scored(C, NEW));
    inbox.await(List.of(C), arrived -> {}, Duration.ofDays(1), silence -> {});
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
    inbox.await(List.of(A, B, C), told::add, Duration.ofDays(1), silence -> {});
    assertThat(told.getLast()).isEqualTo(3);
    assertThat(told).isSorted().doesNotHaveDuplicates();
    assertThat(inbox.get(B)).isEmpty();
    inbox.catchUp();
    assertThat(counters.counts().groups().deadLetters()).isEqualTo(2);
  }

  @Test
  void aDeadLetterOfAnEarlierProcessIsCountedAndItsGroupIsStillWaitedFor()
      throws InterruptedException {
    letters.append(dead(A));
    inbox.disregard(letter -> letter.getId().getPrompt().equals("b"));
    inbox.catchUp();
    letters.append(dead(B));
    letters.append(dead(C));
    inbox.readToTheEnd();
    assertThat(List.of(A, B, C).stream().filter(inbox::has)).containsExactly(C);
    assertThat(counters.counts().groups().deadLetters()).isEqualTo(3);
  }

  @Test
  void catchingUpReadsBothLogsToTheirEnds() throws InterruptedException {
    log.append(scored(A, OLD));
    log.append(scored(C, OLD));
    letters.append(dead(B));
    letters.append(dead(training(5, "z")));
    inbox.catchUp();
    assertThat(inbox.has(A)).isTrue();
    assertThat(inbox.has(C)).isTrue();
    assertThat(counters.counts().groups().deadLetters()).isEqualTo(2);
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
        new GroupInbox(log, MemoryLog.optional(), restored, () -> {}, () -> {}, countedUpTo, 1);
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
  void groupsOfOtherSettingsArePassedOverAndThoseThatDoNotSayAreTaken()
      throws InterruptedException {
    inbox.requireConfiguration("mine");
    log.append(under("theirs", scored(A, OLD)));
    log.append(under("theirs", scored(evaluation(0, "a"), OLD)));
    log.append(scored(B, OLD));
    inbox.catchUp();
    assertThat(inbox.has(A)).isFalse();
    assertThat(inbox.has(evaluation(0, "a"))).isFalse();
    assertThat(inbox.has(B)).isTrue();
    log.append(under("mine", scored(A, NEW)));
    inbox.await(List.of(A), arrived -> {}, Duration.ofDays(1), silence -> {});
    assertThat(inbox.get(A)).contains(under("mine", scored(A, NEW)));
    assertThat(counters.counts().groups().duplicates()).isZero();
  }

  private static ScoredGroup under(String configuration, ScoredGroup scored) {
    return scored.toBuilder()
        .setGroup(scored.getGroup().toBuilder().setConfiguration(configuration))
        .build();
  }

  @Test
  void aLogThatTheBrokerHasLostIsReadFromItsBeginningAndCountedFromThere()
      throws InterruptedException {
    GroupInbox resumed =
        new GroupInbox(log, letters, counters, () -> {}, () -> {}, Map.of(0, 10L), 0);
    log.append(scored(A, OLD));
    log.append(scored(B, OLD));
    resumed.disregard(_ -> true);
    resumed.catchUp();
    log.lose();
    letters.lose();
    log.append(scored(C, OLD));
    letters.append(dead(training(5, "z")));

    resumed.readToTheEnd();

    assertThat(List.of(A, B, C, training(5, "z"))).allMatch(resumed::has);
    // Those before were counted by the checkpoint that its positions are of.
    assertThat(counters.counts().groups().scored()).isEqualTo(1);
    assertThat(resumed.positions()).isEqualTo(Map.of(0, 1L));
    assertThat(resumed.resumeOffsets()).isEqualTo(Map.of(0, 0L));
  }

  @Test
  void aRefusedGroupMakesRoomForAnotherOfItsIdentity() throws InterruptedException {
    log.append(scored(A, OLD));
    inbox.await(List.of(A), arrived -> {}, Duration.ofDays(1), silence -> {});
    inbox.refuse(A);
    assertThat(inbox.has(A)).isFalse();
    log.append(scored(A, NEW));
    inbox.await(List.of(A), arrived -> {}, Duration.ofDays(1), silence -> {});
    assertThat(inbox.get(A)).contains(scored(A, NEW));
  }

  @Test
  void evaluationGroupsAreOutsideTheCountersAndLeaveNothingBehind() throws InterruptedException {
    GroupKey evaluated = evaluation(0, "a");
    log.append(scored(evaluated, OLD));
    inbox.await(List.of(evaluated), arrived -> {}, Duration.ofDays(1), silence -> {});
    assertThat(inbox.has(A)).isFalse();
    assertThat(inbox.evaluated(evaluated))
        .contains(
            new GroupInbox.Evaluated(
                List.of(
                    new Evaluation.Response(true, 2, false),
                    new Evaluation.Response(false, 3, true)),
                Set.of(OLD)));
    assertThat(inbox.get(evaluated)).isEmpty();
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, 0L));
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

  @Test
  void tokensOfEvaluationGroupsAreGoneAsSoonAsTheyAreRead() throws InterruptedException {
    List<WeakReference<ScoredGroup>> groups = new ArrayList<>();
    List<GroupKey> keys = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      keys.add(evaluation(0, "p" + i));
    }
    // Ten arrive while somebody waits, ten while a restarted learner catches up.
    GroupInbox fresh =
        new GroupInbox(
            new PassingLog(keys, groups), letters, counters, () -> {}, () -> {}, Map.of(), 0);
    fresh.await(keys.subList(0, 10), arrived -> {}, Duration.ofDays(1), silence -> {});
    fresh.catchUp();

    assertThat(groups).hasSize(20);
    Await.until(
        "the groups are garbage",
        () -> {
          System.gc();
          return groups.stream().allMatch(group -> group.get() == null);
        });
    assertThat(keys).allSatisfy(key -> assertThat(fresh.evaluated(key)).isPresent());
  }

  /** A log that makes each group when it is read, and does not keep it. */
  private record PassingLog(List<GroupKey> keys, List<WeakReference<ScoredGroup>> made)
      implements PositionedLog<ScoredGroup> {
    @Override
    public List<RecordLog.Entry<ScoredGroup>> poll(Duration timeout) {
      ScoredGroup group = scored(keys.get(made.size()), OLD);
      made.add(new WeakReference<>(group));
      return List.of(new RecordLog.Entry<>(MemoryLog.PARTITION, made.size() - 1L, group));
    }

    @Override
    public void startOver() {
      throw new AssertionError("nothing of it is lost");
    }

    @Override
    public Map<Integer, Long> positions() {
      return Map.of(MemoryLog.PARTITION, (long) made.size());
    }

    @Override
    public Map<Integer, Long> endOffsets() {
      return Map.of(MemoryLog.PARTITION, (long) keys.size());
    }
  }

  @Test
  void anEvaluationThatNobodyFinishedIsForgottenWithTheStepThatItsPolicyTook()
      throws InterruptedException {
    log.append(scored(evaluation(0, "a"), OLD));
    long kept = log.append(scored(evaluation(1, "a"), NEW));
    inbox.catchUp();
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, 0L));
    inbox.finishStep(0);
    assertThat(inbox.resumeOffsets()).isEqualTo(Map.of(0, kept));
    log.append(scored(evaluation(0, "b"), OLD));
    inbox.catchUp();
    assertThat(inbox.has(evaluation(0, "b"))).isFalse();
    assertThat(inbox.has(evaluation(1, "a"))).isTrue();
  }

  @Test
  void everyRecordThatIsReadIsTold() throws InterruptedException {
    log.append(scored(A, OLD));
    log.append(scored(A, OLD));
    log.append(scored(evaluation(0, "a"), OLD));
    letters.append(dead(B));
    inbox.catchUp();
    assertThat(read).isEqualTo(4);
  }
}
