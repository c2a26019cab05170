package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.group;
import static dev.drpo.objectives.Batch.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the later rivals make of groups where something is extreme; by hand. */
class RivalsTest {
  private static final double CLIP = 0.2;
  private static final Offset<Double> EXACT = within(1e-9);

  static final List<String> NAMES =
      List.of("dler", "ddca", "gr3", "laser", "kimi-length", "shorter-better");

  @Test
  void dlerTakesARightResponsePastTheTargetForAWrongOne() {
    Dler dler = new Dler(CLIP, 0.28, 5, 0.1);
    Group longRight = group(response(true, 5, -1), response(true, 6, -1), response(false, 3, -1));
    Group longWrong = group(response(true, 5, -1), response(false, 6, -1), response(false, 3, -1));
    assertThat(weights(dler, longRight)).isEqualTo(weights(dler, longWrong));
  }

  @Test
  void dlerLearnsWhereRewardsDifferAndLeavesOtherGroupsOutOfEverything() {
    Dler dler = new Dler(CLIP, 0.28, 5, 0.1);
    Group tooLongOnes = group(response(true, 5, -1), response(true, 9, -1));
    Group allTooLong = group(response(true, 8, -1), response(true, 9, -1), response(false, 3, -1));
    Group allWithin = group(response(true, 2, -1), response(true, 5, -1));
    assertThat(dler.signal().in(tooLongOnes.responses())).isTrue();
    assertThat(dler.signal().in(allTooLong.responses())).isFalse();
    assertThat(dler.signal().in(allWithin.responses())).isFalse();
    Objective.Evaluation beside = dler.evaluate(List.of(allTooLong, tooLongOnes, allWithin));
    assertThat(beside.tokenWeights()[1])
        .isEqualTo(dler.evaluate(List.of(tooLongOnes)).tokenWeights()[0]);
    assertThat(Weights.byResponse(beside.tokenWeights()[0])).containsOnly(0.0);
    assertThat(Weights.byResponse(beside.tokenWeights()[2])).containsOnly(0.0);
    Objective.Evaluation nothing = dler.evaluate(List.of(allTooLong, allWithin));
    assertThat(nothing.value()).isZero();
    assertThat(Weights.flat(nothing.tokenWeights())).containsOnly(0.0);
  }

  @Test
  void dlerWhitensOverTheTokensOfTheWholeMiniBatch() {
    // a is 1/2 and -1/2 in one group, 2/3, -1/3, -1/3 in the other: by the token their sums are
    // 0.5 - 1.5 and 2 - 1/3 - 2/3 over 10 tokens, squares 1 + 4/3 + 1/9 + 2/9 = 8/3.
    Group pair = group(response(true, 1, -1), response(false, 3, -1));
    Group three = group(response(true, 3, -1), response(false, 1, -1), response(false, 2, -1));
    Dler dler = new Dler(CLIP, 0.28, 5, 0.25);
    double deviation = Math.sqrt(8 / 3.0 / 9);
    double[][][] weights = dler.evaluate(List.of(pair, three)).tokenWeights();
    assertThat(Weights.byResponse(weights[0]))
        .containsExactly(
            new double[] {(0.5 / deviation + 0.25) / 10, -0.5 / deviation * 3 / 10}, within(1e-7));
    assertThat(Weights.byResponse(weights[1]))
        .containsExactly(
            new double[] {
              (2 / 3.0 / deviation + 0.25) * 3 / 10,
              -1 / 3.0 / deviation / 10,
              -1 / 3.0 / deviation * 2 / 10
            },
            within(1e-7));
  }

  @Test
  void ddcaNeverMovesWeightBetweenRightAndWrong() {
    // The accuracy terms alone are 1 and -1, over 4.
    double[] weights = weights(new Ddca(CLIP, 0.5), group(2, 100, 300, 50, 60));
    // z is -1 and 1, s - mean s half of 2 sigmoid(1) - 1, times beta p = 0.25.
    double length = 0.25 * (1 / (1 + Math.exp(-1)) - 0.5);
    assertThat(weights)
        .containsExactly(
            new double[] {(1 + length) / 4, (1 - length) / 4, -0.25, -0.25}, within(1e-7));
  }

  @Test
  void ddcaTellsOnlyRightResponsesApartWhereAllAreRight() {
    double length = 0.5 * (1 / (1 + Math.exp(-1)) - 0.5);
    assertThat(weights(new Ddca(CLIP, 0.5), group(2, 100, 300)))
        .containsExactly(new double[] {length / 2, -length / 2}, EXACT);
    assertThat(weights(new Ddca(CLIP, 0.5), group(0, 100, 300))).containsOnly(0.0);
    // One right response has no length to be compared with: sqrt(3) and -1/sqrt(3), over 4.
    assertThat(weights(new Ddca(CLIP, 0.5), group(1, 9, 1, 2, 3)))
        .containsExactly(
            new double[] {
              Math.sqrt(3) / 4,
              -Math.sqrt(1 / 3.0) / 4,
              -Math.sqrt(1 / 3.0) / 4,
              -Math.sqrt(1 / 3.0) / 4
            },
            within(1e-7));
  }

  @Test
  void shorterBetterMeasuresByTheMeanLengthWhereNoneIsRight() {
    // L* is 4: rewards -0.3, -0.1 and -0.2 with beta 0.1, less -0.2, over 0.1.
    assertThat(weights(new ShorterBetter(CLIP, 2, 0.1), group(0, 1, 5, 6)))
        .containsExactly(new double[] {-1 / 3.0, 1 / 3.0, 0}, within(1e-5));
  }

  @Test
  void kimiLengthGivesAWrongResponseNothingForBeingShort() {
    // c is 1/2, 0 and -1/2: rewards 0, 0 and -0.2, mean -1/15, deviation sqrt(1/75).
    double unit = 1 / 15.0 / (Math.sqrt(1 / 75.0) + 1e-6) / 3;
    assertThat(weights(new KimiLength(CLIP, 0.4), group(0, 10, 20, 30)))
        .containsExactly(new double[] {unit, unit, -2 * unit}, EXACT);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void equalLengthsLeaveNothingButRightAndWrong(String name) {
    for (int right = 0; right <= 4; right++) {
      double[] weights = weights(Configs.of(name).objective(16), group(right, 7, 7, 7, 7));
      for (int i = 0; i < weights.length; i++) {
        assertThat(Math.signum(weights[i]))
            .as("%d of 4 right, response %d", right, i)
            .isEqualTo(right % 4 == 0 ? 0 : i < right ? 1 : -1);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void aMillionTokensBesideOneOverflowNothing(String name) {
    int million = 1_000_000;
    for (int right = 0; right <= 3; right++) {
      double[] weights =
          weights(Configs.of(name).objective(million), group(right, 1, million, million / 2));
      assertThat(Arrays.stream(weights)).allMatch(Double::isFinite);
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void aShorterRightResponseNeverHasASmallerAdvantage(String name) {
    for (int right = 1; right <= 5; right++) {
      Group group = group(right, 2, 5, 8, 11, 15);
      double[] weights = weights(Configs.of(name).objective(16), group);
      for (int i = 1; i < right; i++) {
        assertThat(advantage(name, weights, group, i))
            .as("%d of 5 right, response %d", right, i)
            .isLessThanOrEqualTo(advantage(name, weights, group, i - 1) + 1e-12);
      }
    }
  }

  /** Up to a factor that all responses share: with dler every token counts, not every response. */
  private static double advantage(String name, double[] weights, Group group, int response) {
    return name.equals("dler")
        ? weights[response] / group.responses().get(response).length()
        : weights[response];
  }

  private static double[] weights(Objective objective, Group group) {
    return Weights.byResponse(objective.evaluate(List.of(group)).tokenWeights()[0]);
  }
}
