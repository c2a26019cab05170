package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  private static final int DRAWS = 100_000;

  /** The known answers that Random123 publishes for philox4x32 with 10 rounds. */
  @Test
  void blocksAreThePublishedOnes() {
    assertThat(CounterRandom.block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(CounterRandom.block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(
            CounterRandom.block(
                0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void aNumberDependsOnItsCoordinatesOnly() {
    double alone = new CounterRandom(7, 99).uniform(3, 41);
    CounterRandom used = new CounterRandom(7, 99);
    used.uniform(3, 40);
    used.uniform(2, 41);

    assertThat(used.uniform(3, 41)).isEqualTo(alone);
  }

  @Test
  void everyCoordinateMatters() {
    Set<Double> numbers = new HashSet<>();
    numbers.add(new CounterRandom(7, 99).uniform(3, 41));
    numbers.add(new CounterRandom(8, 99).uniform(3, 41));
    numbers.add(new CounterRandom(7 + (1L << 32), 99).uniform(3, 41));
    numbers.add(new CounterRandom(7, 98).uniform(3, 41));
    numbers.add(new CounterRandom(7, 99 + (1L << 32)).uniform(3, 41));
    numbers.add(new CounterRandom(7, 99).uniform(4, 41));
    numbers.add(new CounterRandom(7, 99).uniform(3, 42));

    assertThat(numbers).hasSize(7);
  }

  @Test
  void numbersFillTheUnitIntervalEvenly() {
    CounterRandom random = new CounterRandom(1, 2);
    int bins = 100;
    int[] counts = new int[bins];
    for (int i = 0; i < DRAWS; i++) {
      double u = random.uniform(0, i);
      assertThat(u).isBetween(0.0, Math.nextDown(1.0));
      counts[(int) (u * bins)]++;
    }
    double expected = (double) DRAWS / bins;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }

    // 99 degrees of freedom: the mean is 99, and 161 is exceeded once in ten thousand seeds.
    assertThat(chiSquare).isBetween(50.0, 161.0);
  }

  @Test
  void neighboursAreIndependent() {
    CounterRandom random = new CounterRandom(1, 2);
    CounterRandom nextStream = new CounterRandom(1, 3);
    CounterRandom nextSeed = new CounterRandom(2, 2);
    IntToDoubleFunction numbers = i -> random.uniform(i / 1000, i % 1000);

    assertThat(correlation(numbers, i -> random.uniform(i / 1000, i % 1000 + 1))).isLessThan(0.02);
    assertThat(correlation(numbers, i -> random.uniform(i / 1000 + 1, i % 1000))).isLessThan(0.02);
    assertThat(correlation(numbers, i -> nextStream.uniform(i / 1000, i % 1000))).isLessThan(0.02);
    assertThat(correlation(numbers, i -> nextSeed.uniform(i / 1000, i % 1000))).isLessThan(0.02);
  }

  @Test
  void textsThatDifferInALetterHashFarApart() {
    assertThat(CounterRandom.hash("train-17")).isEqualTo(CounterRandom.hash("train-17"));
    assertThat(Long.bitCount(CounterRandom.hash("train-17") ^ CounterRandom.hash("train-18")))
        .isBetween(16, 48);
  }

  /** Magnitude of the correlation; its standard deviation is 0.003 for independent numbers. */
  private static double correlation(IntToDoubleFunction first, IntToDoubleFunction second) {
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      sum += (first.applyAsDouble(i) - 0.5) * (second.applyAsDouble(i) - 0.5);
    }
    return Math.abs(sum / DRAWS * 12);
  }
}
