package dev.drpo.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartWatchTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private long now;
  private final StartWatch watch = new StartWatch(PATIENCE, () -> now);

  @Test
  void aSilentServiceIsWaitedForAsLongAsItWorks() {
    for (int minute = 0; minute < 60; minute++) {
      assertThat(silent(Duration.ofSeconds(minute))).as("after %d min", minute).isFalse();
      pass(Duration.ofMinutes(1));
    }
    // What a hung process uses is no progress.
    assertThat(silent(Duration.ofSeconds(59))).isFalse();
    pass(Duration.ofSeconds(61));
    assertThat(silent(Duration.ofMillis(59_900))).isTrue();
  }

  @Test
  void aServiceThatAnswersTheSameStandsStillHoweverMuchItTries() {
    assertThat(answers("down: broker", Duration.ZERO)).isFalse();
    pass(Duration.ofMinutes(1));
    assertThat(answers("down: broker", Duration.ofSeconds(30))).isFalse();
    pass(Duration.ofSeconds(61));
    assertThat(answers("down: broker", Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void anotherAnswerIsProgress() {
    assertThat(answers("down: broker, weights", Duration.ZERO)).isFalse();
    pass(Duration.ofSeconds(119));
    assertThat(answers("down: weights", Duration.ZERO)).isFalse();
    pass(Duration.ofSeconds(119));
    assertThat(answers("down: weights", Duration.ZERO)).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(answers("down: weights", Duration.ZERO)).isTrue();
  }

  /** Its processor time begins anew, too. */
  @Test
  void aProcessThatTookThePlaceOfAnotherIsWaitedForAnew() {
    assertThat(silent(Duration.ofSeconds(50))).isFalse();
    pass(Duration.ofSeconds(119));
    assertThat(silent(Duration.ofMillis(100))).isFalse();
    pass(Duration.ofSeconds(119));
    assertThat(silent(Duration.ofMillis(100))).isFalse();
  }

  private boolean silent(Duration processorTime) {
    return watch.standsStill(new Readiness.State.Waiting("nothing answers", true), processorTime);
  }

  private boolean answers(String reason, Duration processorTime) {
    return watch.standsStill(new Readiness.State.Waiting(reason, false), processorTime);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
