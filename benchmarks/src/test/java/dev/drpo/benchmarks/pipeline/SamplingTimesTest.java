package dev.drpo.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingTimesTest {
  @Test
  void aSlotBeginsTheNextGroupWhenItsOwnEnds() {
    SamplingTimes times =
        new SamplingTimes(List.of(seconds(4), seconds(1), seconds(2), seconds(3)));
    // The second slot has the other three.
    assertThat(times.makespan(2)).isEqualTo(seconds(6));
    assertThat(times.makespan(1)).isEqualTo(seconds(10));
    assertThat(times.makespan(4)).isEqualTo(seconds(4));
  }

  @Test
  void theSlotsAreBusyForAboutAsLongAsAsked() {
    SamplingTimes times = SamplingTimes.of(seconds(20), 128, 32);
    double busy = times.groups().stream().mapToDouble(Duration::toNanos).sum() / 32 / 1e9;
    assertThat(busy).isCloseTo(20, within(0.2));
    assertThat(times.makespan(32)).isBetween(seconds(20), seconds(25));
    assertThat(times.groups()).allMatch(one -> one.toNanos() >= 2.5e9 && one.toNanos() <= 7.5e9);
    assertThat(new HashSet<>(times.groups())).hasSize(128);
    assertThat(SamplingTimes.of(Duration.ZERO, 128, 32).makespan(32)).isZero();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
