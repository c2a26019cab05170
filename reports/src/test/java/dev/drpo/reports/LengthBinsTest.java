package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthBinsTest {
  @Test
  void binsAreOfOneLengthUpToEightAndFourAnOctaveBehind() {
    assertThat(LengthBins.upTo(40).ends())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40);
    assertThat(LengthBins.upTo(8192).ends()).endsWith(4096, 5120, 6144, 7168, 8192);
    assertThat(LengthBins.upTo(1).ends()).containsExactly(1);
  }

  @Test
  void everyLengthLiesInTheFirstBinThatReachesAsFar() {
    List<Integer> ends = LengthBins.upTo(10_000).ends();
    for (int length = 1; length <= 10_000; length++) {
      int bin = LengthBins.index(length);
      assertThat(ends.get(bin)).isGreaterThanOrEqualTo(length);
      assertThat(bin == 0 || ends.get(bin - 1) < length).isTrue();
    }
  }

  @Test
  void binsOfASmallerBudgetAreTheFirstOfALargerOnes() {
    List<Integer> large = LengthBins.upTo(9999).ends();
    for (int budget = 1; budget < 9999; budget++) {
      List<Integer> small = LengthBins.upTo(budget).ends();
      assertThat(small).isEqualTo(large.subList(0, small.size()));
      assertThat(small.getLast()).isGreaterThanOrEqualTo(budget);
    }
  }

  @Test
  void everyLengthIsCountedOnce() {
    assertThat(LengthBins.upTo(10).count(IntStream.of(1, 1, 8, 9, 10, 99)))
        .containsExactly(2, 0, 0, 0, 0, 0, 0, 1, 3);
  }
}
