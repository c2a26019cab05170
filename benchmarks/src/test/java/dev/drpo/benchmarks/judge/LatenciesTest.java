package dev.drpo.benchmarks.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreByTheNearestRank() {
    Latencies latencies = new Latencies(50);
    for (int i = 0; i < 100; i++) {
      latencies.record(i % 50, 100 - i, 0);
    }

    assertThat(latencies.quantile(0.5)).isEqualTo(Duration.ofNanos(50));
    assertThat(latencies.quantile(0.99)).isEqualTo(Duration.ofNanos(99));
    assertThat(latencies.max()).isEqualTo(Duration.ofNanos(100));
    assertThat(latencies.passes()).isEqualTo(2);
    assertThat(latencies.slowestInput()).isZero();
    assertThat(latencies.fastest(0)).isEqualTo(Duration.ofNanos(50));
    assertThat(latencies.perSecond()).isEqualTo(100 / 5050e-9);
  }

  @Test
  void everyPieceOfWorkIsMeasuredInWholePasses() {
    Latencies latencies = Latencies.of(List.of(1, 2, 3), x -> x, Duration.ofMillis(1));

    assertThat(latencies.checksum())
        .isEqualTo(Math.toIntExact(6 * latencies.passes()))
        .isPositive();
  }
}
