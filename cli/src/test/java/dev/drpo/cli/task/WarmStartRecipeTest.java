package dev.drpo.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarmStartRecipeTest {
  private static final WarmStartRecipe RECIPE = WarmStartRecipe.STANDARD;

  @Test
  void theStagesFollowEachOther() {
    assertThat(RECIPE.steps()).isEqualTo(1_460);
    List<String> names =
        IntStream.range(0, RECIPE.steps())
            .mapToObj(i -> RECIPE.step(i).stage().name())
            .distinct()
            .toList();
    assertThat(names).containsExactly("foundation", "long-winded", "practice", "polish");
    assertThat(RECIPE.step(449).stage().tracesPerStep()).isEqualTo(64);
    assertThat(RECIPE.step(450).stage().tracesPerStep()).isEqualTo(32);
    assertThatThrownBy(() -> RECIPE.step(1_460)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theLearningRateRisesToThePeakAndFallsToNothingInEachCycle() {
    assertThat(RECIPE.step(0).learningRate()).isBetween(0.0, 1e-4);
    assertThat(peak(0, 900)).isBetween(2.9e-3, 3e-3);
    assertThat(RECIPE.step(450).learningRate()).isBetween(1.4e-3, 1.6e-3);
    assertThat(RECIPE.step(899).learningRate()).isLessThan(1e-6);
    assertThat(peak(900, 1_300)).isBetween(1.9e-3, 2e-3);
    assertThat(peak(1_300, 1_460)).isBetween(0.75e-3, 1e-3);
    assertThat(RECIPE.step(1_459).learningRate()).isLessThan(1e-6);
  }

  @Test
  void scalingKeepsEveryStage() {
    assertThat(RECIPE.scaled(0.5).steps()).isEqualTo(730);
    assertThat(RECIPE.scaled(1e-9).steps()).isEqualTo(4);
  }

  private static double peak(int from, int to) {
    return IntStream.range(from, to)
        .mapToDouble(i -> RECIPE.step(i).learningRate())
        .max()
        .orElseThrow();
  }
}
