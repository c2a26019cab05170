package dev.drpo.rollout.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IdleTimeTest {
  private long now = 7;
  private final IdleTime idle = new IdleTime(() -> now);

  private void after(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void timeIsIdleWhileNoGroupIsSampled() {
    after(100);
    idle.began();
    after(1000);
    idle.began();
    idle.ended();
    after(1000);
    idle.ended();
    after(50);
    assertThat(idle.seconds()).isEqualTo(0.15);
    idle.began();
    after(1000);
    assertThat(idle.seconds()).isEqualTo(0.15);
  }

  @Test
  void eachPartIsTakenOnceAndPartsOfAMillisecondAreNotLost() {
    after(100);
    assertThat(idle.takeMillis()).isEqualTo(100);
    now += 600_000;
    assertThat(idle.takeMillis()).isZero();
    now += 600_000;
    assertThat(idle.takeMillis()).isEqualTo(1);
    idle.began();
    after(5);
    assertThat(idle.takeMillis()).isZero();
  }
}
