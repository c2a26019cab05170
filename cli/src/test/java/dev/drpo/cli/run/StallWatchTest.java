package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private static final SortedMap<String, OptionalLong> IDLE = replicas(5120, 5120);

  private Instant now = Instant.EPOCH;
  private final StallWatch watch = new StallWatch(() -> now);

  @Test
  void aRunWhoseGroupsArriveIsLeftAlone() throws StalledRun {
    for (int groups = 1; groups < 30; groups++) {
      almostAMinute();
      assertThat(watch.observe(learner(groups, 0), IDLE)).isEmpty();
    }
  }

  @Test
  void anUpdateOfHalfAnHourIsLeftAlone() throws StalledRun {
    for (int work = 1; work < 30; work++) {
      almostAMinute();
      assertThat(watch.observe(learner(32, work), IDLE)).isEmpty();
    }
  }

  @Test
  void aFirstResponseOfHalfAnHourIsLeftAloneWhicheverReplicaDrawsIt() throws StalledRun {
    for (int minute = 1; minute < 30; minute++) {
      almostAMinute();
      assertThat(watch.observe(learner(0, 7), replicas(0, 100 * minute))).isEmpty();
    }
  }

  @Test
  void aReplicaThatBeginsAnewMoves() throws StalledRun {
    watch.observe(learner(0, 7), replicas(9000, 9000));
    almostAMinute();
    assertThat(watch.observe(learner(0, 7), replicas(9000, 0))).isEmpty();
    almostAMinute();
    assertThat(watch.observe(learner(0, 7), replicas(9000, 12))).isEmpty();
  }

  @Test
  void silenceIsNoMovementAndNeitherIsItsEnd() throws StalledRun {
    watch.observe(learner(0, 7), IDLE);
    for (int i = 0; i < 10; i++) {
      now = now.plus(StallWatch.NOTICE_AFTER.dividedBy(10));
      watch.observe(learner(0, 7), i % 2 == 0 ? silent() : IDLE);
    }
    now = now.plusMillis(1);
    // Told at the tenth observation already; the next minute has just begun.
    assertThat(watch.observe(learner(0, 7), IDLE)).isEmpty();
    now = now.plus(StallWatch.NOTICE_AFTER);
    assertThat(watch.observe(learner(0, 7), IDLE).orElseThrow())
        .startsWith("nothing has moved for 120 s");
  }

  @Test
  void aStandstillIsToldOnceAMinuteWithWhatStandsStillSinceWhen() throws StalledRun {
    assertThat(watch.observe(learner(3, 0), IDLE)).isEmpty();
    now = now.plusSeconds(30);
    assertThat(watch.observe(learner(3, 1), IDLE)).isEmpty();
    now = now.plus(StallWatch.NOTICE_AFTER);
    assertThat(watch.observe(learner(3, 1), IDLE))
        .contains(
            "nothing has moved for 60 s: no token was drawn for 90 s (rollout-1 has drawn 5120,"
                + " rollout-2 has drawn 5120), no group arrived for 90 s (3 of 32 are there), and"
                + " the learner did no work for 60 s");
    assertThat(watch.observe(learner(3, 1), IDLE)).isEmpty();
    now = now.plus(StallWatch.NOTICE_AFTER);
    assertThat(watch.observe(Optional.empty(), silent()))
        .contains(
            "nothing has moved for 120 s: no token was drawn for 150 s (rollout-1 does not answer,"
                + " rollout-2 does not answer), no group arrived for 150 s (the learner does not"
                + " answer), and the learner did no work for 120 s");
  }

  @Test
  void aLongStandstillEndsTheRun() throws StalledRun {
    watch.observe(learner(3, 1), IDLE);
    now = now.plus(StallWatch.GIVE_UP_AFTER).minusMillis(1);
    watch.observe(learner(3, 1), IDLE);
    now = now.plusMillis(1);
    assertThatThrownBy(() -> watch.observe(learner(3, 1), IDLE))
        .isInstanceOf(StalledRun.class)
        .hasMessageContaining("nothing has moved for 600 s")
        .hasMessageContaining("rollout-2 has drawn 5120")
        .hasMessageContaining("3 of 32 are there");
  }

  private void almostAMinute() {
    now = now.plus(StallWatch.NOTICE_AFTER).minusMillis(1);
  }

  private static Optional<GetStatusResponse> learner(int groups, int work) {
    return Optional.of(
        GetStatusResponse.newBuilder()
            .setState(RunState.RUN_STATE_TRAINING)
            .setPhaseGroupsDone(groups)
            .setPhaseGroupsTotal(32)
            .setWorkDone(work)
            .build());
  }

  private static SortedMap<String, OptionalLong> replicas(long first, long second) {
    return new TreeMap<>(
        Map.of("rollout-1", OptionalLong.of(first), "rollout-2", OptionalLong.of(second)));
  }

  private static SortedMap<String, OptionalLong> silent() {
    return new TreeMap<>(
        Map.of("rollout-1", OptionalLong.empty(), "rollout-2", OptionalLong.empty()));
  }
}
