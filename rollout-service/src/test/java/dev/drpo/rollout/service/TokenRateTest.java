package dev.drpo.rollout.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenRateTest {
  private final AtomicLong nanos = new AtomicLong();
  private final TokenRate rate = new TokenRate(nanos::get);

  @Test
  void theRateIsTheMeanSinceThePreviousReading() {
    after(10);
    assertThat(rate.perSecond(1000)).isEqualTo(100);
    after(5);
    assertThat(rate.perSecond(1500)).isEqualTo(100);
    after(20);
    assertThat(rate.perSecond(1500)).isZero();
  }

  @Test
  void readingsThatAreCloseTogetherAgree() {
    after(10);
    assertThat(rate.perSecond(1000)).isEqualTo(100);
    after(1);
    assertThat(rate.perSecond(5000)).isEqualTo(100);
  }

  private void after(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
