package dev.drpo.learner.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.problems.DataException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DataOrderTest {

  @Test
  void anEpochIsAPermutationLessWhatDoesNotFillAStep() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int problems = 1 + random.nextInt(40);
      int perStep = 1 + random.nextInt(problems);
      int stepsPerEpoch = problems / perStep;
      DataOrder order = new DataOrder(seed, problems, perStep);
      for (long epoch = 0; epoch < 3; epoch++) {
        int[] drawn = steps(order, epoch * stepsPerEpoch, stepsPerEpoch);
        assertThat(drawn)
            .as("seed %d, %d problems, %d per step", seed, problems, perStep)
            .hasSize(stepsPerEpoch * perStep)
            .doesNotHaveDuplicates();
        assertThat(Arrays.stream(drawn)).allMatch(problem -> problem >= 0 && problem < problems);
      }
    }
  }

  @Test
  void epochsAndSeedsHaveOrdersOfTheirOwn() {
    DataOrder order = new DataOrder(3, 100, 10);
    int[] first = steps(order, 0, 10);
    int[] second = steps(order, 10, 10);
    assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrder(first);
    assertThat(steps(new DataOrder(4, 100, 10), 0, 10)).isNotEqualTo(first);
  }

  @Test
  void theOrderIsAFunctionOfTheStepAlone() {
    DataOrder sequential = new DataOrder(11, 23, 4);
    int[][] expected =
        LongStream.range(0, 40).mapToObj(sequential::problemsOf).toArray(int[][]::new);
    DataOrder jumping = new DataOrder(11, 23, 4);
    new Random(1)
        .ints(200, 0, 40)
        .forEach(step -> assertThat(jumping.problemsOf(step)).isEqualTo(expected[step]));
  }

  @Test
  void theOrderStaysTheSameFromReleaseToRelease() {
    DataOrder order = new DataOrder(42, 10, 5);
    assertThat(order.problemsOf(0)).containsExactly(5, 4, 6, 9, 2);
    assertThat(order.problemsOf(1)).containsExactly(0, 7, 1, 8, 3);
    assertThat(order.problemsOf(2)).containsExactly(1, 0, 4, 7, 5);
  }

  @Test
  void furtherProblemsAreOthersThanTheStepsOwnAndAFunctionOfTheStepAlone() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      int problems = 1 + random.nextInt(40);
      int perStep = 1 + random.nextInt(problems);
      int most = random.nextInt(30);
      DataOrder order = new DataOrder(seed, problems, perStep);
      for (long step = 0; step < 20; step++) {
        int[] further = order.furtherProblemsOf(step, most);
        assertThat(further)
            .as("seed %d, %d problems, %d per step, step %d", seed, problems, perStep, step)
            .hasSize(Math.min(most, problems - perStep))
            .doesNotHaveDuplicates()
            .doesNotContain(order.problemsOf(step))
            .isEqualTo(new DataOrder(seed, problems, perStep).furtherProblemsOf(step, most));
      }
    }
  }

  @Test
  void furtherProblemsWalkThroughAllProblems() {
    DataOrder order = new DataOrder(7, 100, 10);
    int[] drawn =
        IntStream.range(0, 10)
            .mapToObj(step -> order.furtherProblemsOf(step, 10))
            .flatMapToInt(Arrays::stream)
            .distinct()
            .toArray();
    // What a step leaves out because it is its own, the next one may draw a second time.
    assertThat(drawn).hasSizeGreaterThan(80);
    assertThat(order.furtherProblemsOf(10, 10)).isNotEqualTo(order.furtherProblemsOf(0, 10));
  }

  @Test
  void aStepOfMoreProblemsThanThereAreIsRefused() {
    assertThatThrownBy(() -> new DataOrder(0, 7, 8))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("training.prompts-per-step is 8")
        .hasMessageContaining("only 7 usable problems");
  }

  private static int[] steps(DataOrder order, long first, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> order.problemsOf(first + i))
        .flatMapToInt(Arrays::stream)
        .toArray();
  }
}
