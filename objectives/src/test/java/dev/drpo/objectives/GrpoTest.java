package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.group;
import static dev.drpo.objectives.Batch.moved;
import static dev.drpo.objectives.Batch.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GrpoTest {
  private static final double CLIP = 0.2;
  private static final double WIDTH = 1e-2;
  private static final Offset<Double> EXACT = within(1e-12);

  /** Log-probabilities are floats, so that a ratio is as exact as they are. */
  private static final Offset<Double> FLOAT = within(1e-6);

  @Test
  void weightsAreTheFiniteDifferencesOfTheValueOverRandomMiniBatches() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<Group> groups = Batch.random(random, 10, () -> changeAwayFromTheClip(random));
      List<List<Oracle.Trace>> traces = Oracle.traces(groups);
      Objective.Evaluation evaluation = new Grpo(CLIP).evaluate(groups);
      String what = "seed " + seed;
      assertThat(evaluation.value()).as(what).isCloseTo(grpo(traces), within(1e-10));
      assertThat(evaluation.divergence()).as(what).isCloseTo(Oracle.divergence(traces), EXACT);
      Weights.assertClose(
          what, evaluation.tokenWeights(), Oracle.derivative(traces, WIDTH, GrpoTest::grpo));
    }
  }

  private static double grpo(List<List<Oracle.Trace>> traces) {
    return GroupOracle.grpo(traces, GroupOracle::rewards, CLIP);
  }

  /** The value bends at the clip, where finite differences say nothing. */
  private static double changeAwayFromTheClip(Random random) {
    while (true) {
      double change = random.nextDouble() - 0.5;
      if (Math.abs(change + Math.log(1 + CLIP)) > 3 * WIDTH
          && Math.abs(change + Math.log(1 - CLIP)) > 3 * WIDTH) {
        return change;
      }
    }
  }

  @Test
  void atTheSamplingPolicyAResponseWeighsItsAdvantageOverTheNumberOfResponses() {
    Group group =
        group(
            List.of(
                response(true, 2, -1),
                response(false, 5, -1),
                response(false, 7, -1),
                response(false, 1, -1)));
    double[] weights =
        Weights.byResponse(new Grpo(CLIP).evaluate(List.of(group)).tokenWeights()[0]);
    // mean 1/4, deviation 1/2: advantages 3/2 and -1/2, over 4 responses.
    double right = 3 / 8.0;
    double wrong = -1 / 8.0;
    assertThat(weights).containsExactly(new double[] {right, wrong, wrong, wrong}, EXACT);
  }

  @Test
  void theAdvantageFollowsTheRewardAndNotTheCorrectness() {
    Group group =
        group(
            List.of(
                rewarded(true, 1.5), rewarded(true, 1), rewarded(false, 0.5), rewarded(false, 0)));
    double[] weights =
        Weights.byResponse(new Grpo(CLIP).evaluate(List.of(group)).tokenWeights()[0]);
    // mean 3/4, deviation sqrt(5/12): advantages 3, 1, -1, -3 times sqrt(3/20), over 4 responses.
    double unit = Math.sqrt(3 / 20.0) / 4;
    assertThat(weights).containsExactly(new double[] {3 * unit, unit, -unit, -3 * unit}, EXACT);
  }

  @Test
  void rightAndWrongResponsesOfOneRewardAreWithoutContrast() {
    Group group = group(List.of(rewarded(true, 0.1), rewarded(false, 0.1)));
    assertThat(Weights.byResponse(new Grpo(CLIP).evaluate(List.of(group)).tokenWeights()[0]))
        .containsOnly(0.0);
  }

  private static Response rewarded(boolean correct, double reward) {
    Response response = response(correct, 1, -1);
    return new Response(correct, reward, response.old(), response.current());
  }

  @Test
  void groupsWithoutContrastHaveNoWeightButCountInTheDivisor() {
    Group same = group(List.of(response(true, 5, -1), response(true, 9, -2)));
    Group mixed = group(List.of(response(true, 3, -1), response(false, 4, -1)));
    Objective.Evaluation evaluation = new Grpo(CLIP).evaluate(List.of(same, mixed));
    assertThat(Weights.byResponse(evaluation.tokenWeights()[0])).containsOnly(0.0);
    assertThat(Weights.byResponse(evaluation.tokenWeights()[1]))
        // Advantages of 1/sqrt(2) and its opposite, over 4 responses.
        .containsExactly(new double[] {Math.sqrt(0.5) / 4, -Math.sqrt(0.5) / 4}, EXACT);
  }

  @Test
  void aRatioPastTheClipEarnsNothingMoreInTheDirectionOfItsAdvantageOnly() {
    double up = Math.log(1.5);
    double down = Math.log(0.5);
    // Advantages of 1/sqrt(2) and its opposite, over 2 responses, times the ratio.
    double unit = Math.sqrt(0.5) / 2;
    assertThat(weights(up, up)).containsExactly(new double[] {0, -1.5 * unit}, FLOAT);
    assertThat(weights(down, down)).containsExactly(new double[] {0.5 * unit, 0}, FLOAT);
  }

  /** Weights of a correct and a wrong token whose log-probabilities moved. */
  private static double[] weights(double correct, double wrong) {
    Group group =
        group(List.of(moved(response(true, 1, -1), correct), moved(response(false, 1, -1), wrong)));
    return Weights.byResponse(new Grpo(CLIP).evaluate(List.of(group)).tokenWeights()[0]);
  }
}
