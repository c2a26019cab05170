package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private Instant now = Instant.EPOCH;
  private final StallWatch watch = new StallWatch(() -> now);

  @Test
  void aRunThatMovesIsLeftAlone() throws StalledRun {
    for (int groups = 1; groups < 30; groups++) {
      now = now.plus(StallWatch.NOTICE_AFTER).minusMillis(1);
      assertThat(watch.observe(groups(groups))).isEmpty();
    }
  }

  @Test
  void aStandstillIsToldOnceAMinute() throws StalledRun {
    assertThat(watch.observe(groups(3))).isEmpty();
    now = now.plus(StallWatch.NOTICE_AFTER);
    assertThat(watch.observe(groups(3)))
        .contains("nothing has moved for 60 s: 3 of 32 groups have arrived");
    assertThat(watch.observe(groups(3))).isEmpty();
    now = now.plus(StallWatch.NOTICE_AFTER);
    assertThat(watch.observe(Optional.empty()))
        .contains("nothing has moved for 120 s: the learner does not answer");
  }

  @Test
  void aLongStandstillEndsTheRun() {
    now = now.plus(StallWatch.GIVE_UP_AFTER);
    assertThatThrownBy(() -> watch.observe(Optional.empty()))
        .isInstanceOf(StalledRun.class)
        .hasMessageContaining("nothing has moved for " + Duration.ofMinutes(10).toSeconds() + " s");
  }

  private static Optional<GetStatusResponse> groups(int done) {
    return Optional.of(
        GetStatusResponse.newBuilder().setPhaseGroupsDone(done).setPhaseGroupsTotal(32).build());
  }
}
