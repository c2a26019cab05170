package dev.drpo.policy.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackingTest {
  @ParameterizedTest
  @CsvSource({"100, 1", "100, 3", "31, 2", "5, 4"})
  void everySequenceIsInOnePassAndNonePassesTheBudgetButAlone(int tokensPerPass, int workers) {
    Random random = new Random(3);
    List<Sequence> batch =
        Stream.generate(() -> sequence(1 + random.nextInt(40))).limit(25).toList();
    List<List<List<Sequence>>> rounds = new Packing(tokensPerPass, workers).rounds(batch);

    assertThat(rounds.stream().flatMap(List::stream).flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(batch);
    assertThat(rounds).allSatisfy(round -> assertThat(round).hasSizeBetween(1, workers));
    assertThat(rounds.stream().flatMap(List::stream))
        .allSatisfy(pass -> assertThat(pass.size() == 1 || fed(pass) <= tokensPerPass).isTrue());
  }

  @Test
  void workersEndTogether() {
    List<Sequence> batch =
        List.of(sequence(9), sequence(1), sequence(2), sequence(8), sequence(5), sequence(5));

    assertThat(new Packing(1000, 3).rounds(batch))
        .singleElement()
        .satisfies(
            round -> assertThat(round.stream().map(PackingTest::fed)).containsExactly(10, 10, 10));
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> new Packing(0, 1)).hasMessageContaining("must be 1 or more");
    assertThatThrownBy(() -> new Packing(1, 0)).hasMessageContaining("must be 1 or more");
  }

  private static int fed(List<Sequence> pass) {
    return pass.stream().mapToInt(Sequence::fed).sum();
  }

  private static Sequence sequence(int fed) {
    return new Sequence(new int[fed], new int[] {1});
  }
}
