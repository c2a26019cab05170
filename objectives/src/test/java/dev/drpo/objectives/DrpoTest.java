package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.group;
import static dev.drpo.objectives.Batch.moved;
import static dev.drpo.objectives.Batch.response;
import static dev.drpo.objectives.Batch.tailed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrpoTest {
  private static final int BUDGET = 100;
  private static final double LAMBDA = 0.1;
  private static final double TAU = 10;
  private static final double DELTA = 1e-4;
  private static final double BETA = 1e3;
  private static final Offset<Double> EXACT = within(1e-12);
  private static final Drpo PAPER = new Drpo(BUDGET, LAMBDA, TAU, DELTA, BETA);

  /** Six responses, the correct ones with length rewards 0.73, 0.6 and 0.2. */
  private static final Group GOLDEN =
      group(
          List.of(
              response(true, 27, -1),
              response(true, 40, -1),
              response(true, 80, -1),
              response(false, 30, -1),
              response(false, 50, -1),
              response(false, 90, -1)));

  @Test
  void weightsAreTheFiniteDifferencesOfTheValueOverRandomMiniBatches() {
    double[] lambdas = {1e-4, 1e-2, 0.1, 1, 100, Double.POSITIVE_INFINITY};
    double[] taus = {0.01, 1, 10, 1e4};
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      double lambda = lambdas[random.nextInt(lambdas.length)];
      double tau = taus[random.nextInt(taus.length)];
      // Drift to either side: inside the trust region, outside, and with a negative estimate.
      double drift = random.nextGaussian() * 0.1;
      List<Group> groups = Batch.random(random, 12, () -> drift + 0.02 * random.nextGaussian());
      double width = 1e-2 * Math.min(1, tau);
      List<List<Oracle.Trace>> traces = Oracle.traces(groups);
      if (Math.abs(Oracle.divergence(traces) - DELTA) <= 2 * width) {
        // The hinge bends between the points of the difference.
        continue;
      }
      Objective.Evaluation evaluation = new Drpo(12, lambda, tau, DELTA, BETA).evaluate(groups);
      String what = "seed %d, lambda %s, tau %s".formatted(seed, lambda, tau);
      double value = Oracle.drpo(traces, 12, lambda, tau, DELTA, BETA);
      assertThat(evaluation.value())
          .as(what)
          .isCloseTo(value, within(1e-9 * (1 + Math.abs(value))));
      assertThat(evaluation.divergence())
          .as(what)
          .isCloseTo(Oracle.divergence(traces), within(1e-12));
      Weights.assertClose(
          what,
          evaluation.tokenWeights(),
          Oracle.derivative(
              traces, width, moved -> Oracle.drpo(moved, 12, lambda, tau, DELTA, BETA)));
    }
  }

  @Test
  void aLongCorrectResponseIsPulledUpWhereGroupRelativeRewardsWouldPushItDown() {
    double[] weights = Weights.byResponse(PAPER.evaluate(List.of(GOLDEN)).tokenWeights()[0]);
    // exp(r/0.1) over its sum: 1, exp(-1.3) and exp(-5.3) over 1.277523386941.
    assertThat(weights[0]).isCloseTo(0.7827645, within(1e-7));
    assertThat(weights[1]).isCloseTo(0.2133282, within(1e-7));
    assertThat(weights[2]).isCloseTo(0.0039072, within(1e-7));
    assertThat(weights[0] + weights[1] + weights[2]).isCloseTo(1, EXACT);
    // Equal scores share the push among the wrong ones.
    assertThat(Arrays.copyOfRange(weights, 3, 6))
        .containsExactly(new double[] {-1 / 3.0, -1 / 3.0, -1 / 3.0}, EXACT);

    // The rewards 0.73, 0.6, 0.2 and zeros: mean 0.255, deviation 0.3295.
    double advantage = (0.2 - 0.255) / 0.3295;
    assertThat(advantage).isCloseTo(-0.17, within(5e-3));
    double coupled =
        Weights.byResponse(
            new GrpoLength(0.2, LengthReward.LINEAR, 1, BUDGET)
                .evaluate(List.of(GOLDEN))
                .tokenWeights()[0])[2];
    assertThat(coupled).isCloseTo(advantage / 6, within(1e-5));
    for (double lambda : new double[] {0.01, 0.1, 1, 10, Double.POSITIVE_INFINITY}) {
      Drpo drpo = new Drpo(BUDGET, lambda, TAU, DELTA, BETA);
      assertThat(Weights.byResponse(drpo.evaluate(List.of(GOLDEN)).tokenWeights()[0])[2])
          .isPositive();
    }
  }

  @Test
  void everyTokenOfAResponseHasTheSameShareOfItsWeight() {
    double[][] weights = PAPER.evaluate(List.of(GOLDEN)).tokenWeights()[0];
    for (double[] tokens : weights) {
      assertThat(tokens).containsOnly(tokens[0]);
    }
    assertThat(weights[3][0]).isCloseTo(-1 / 3.0 / 30, EXACT);
  }

  @Test
  void theWeightsOfCorrectResponsesDoNotDependOnTheWrongOnes() {
    double[] before = Weights.byResponse(PAPER.evaluate(List.of(GOLDEN)).tokenWeights()[0]);
    List<Response> others = new ArrayList<>(GOLDEN.responses().subList(0, 3));
    others.add(response(false, 1, -0.01));
    others.add(response(false, 100, -7));
    double[] after = Weights.byResponse(PAPER.evaluate(List.of(group(others))).tokenWeights()[0]);
    for (int i = 0; i < 3; i++) {
      assertThat(after[i]).isCloseTo(before[i], EXACT);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void groupsWithoutContrastHaveNoWeightButCountInTheDivisor(boolean correct) {
    Group same = group(List.of(response(correct, 5, -1), response(correct, 9, -2)));
    assertThat(Weights.flat(PAPER.evaluate(List.of(same)).tokenWeights())).containsOnly(0.0);
    assertThat(PAPER.evaluate(List.of(same)).value()).isZero();
    Objective.Evaluation alone = PAPER.evaluate(List.of(GOLDEN));
    Objective.Evaluation beside = PAPER.evaluate(List.of(same, GOLDEN));
    assertThat(beside.value()).isCloseTo(alone.value() / 2, EXACT);
    assertThat(Weights.byResponse(beside.tokenWeights()[1])[0])
        .isCloseTo(Weights.byResponse(alone.tokenWeights()[0])[0] / 2, EXACT);
  }

  @Test
  void whereAllAreCorrectPullPushesNothingDownAndContrastPushesTheLongOnes() {
    // Weights of exp(-0.5), exp(-0.9) and exp(-2) over their sum, for lengths of 5, 9 and 20.
    double[] pull = {0.528136412953437, 0.354020424644045, 0.117843162402518};
    Group right = group(3, 5, 9, 20);
    assertThat(weights(AllCorrect.PULL, right)).containsExactly(pull, EXACT);
    assertThat(weights(AllCorrect.CONTRAST, right))
        .containsExactly(
            new double[] {pull[0] - 1 / 3.0, pull[1] - 1 / 3.0, pull[2] - 1 / 3.0}, EXACT);
    assertThat(weights(AllCorrect.NONE, right)).containsOnly(0.0);
    assertThat(weights(AllCorrect.CONTRAST, group(3, 7, 7, 7)))
        .containsExactly(new double[3], EXACT);
    assertThat(weights(AllCorrect.PULL, group(1, 7))).containsExactly(new double[] {1}, EXACT);
  }

  @ParameterizedTest
  @EnumSource(AllCorrect.class)
  void groupsWithAWrongResponseAreTheSameWhateverThoseWithoutAdd(AllCorrect allCorrect) {
    Drpo drpo = (Drpo) Drpo.Config.DEFAULT.withAllCorrect(allCorrect).objective(BUDGET);
    Group wrong = group(0, 3, 8);
    double[][][] weights = drpo.evaluate(List.of(GOLDEN, wrong)).tokenWeights();
    assertThat(weights).isEqualTo(PAPER.evaluate(List.of(GOLDEN, wrong)).tokenWeights());
  }

  private static double[] weights(AllCorrect allCorrect, Group group) {
    Objective drpo = Drpo.Config.DEFAULT.withAllCorrect(allCorrect).objective(BUDGET);
    return Weights.byResponse(drpo.evaluate(List.of(group)).tokenWeights()[0]);
  }

  @Test
  void aTailIsNotPulledUpAndTheOtherTokensKeepTheirShare() {
    Group group = group(tailed(response(true, 8, -1), 2, 6), response(false, 4, -3));
    Objective.Evaluation evaluation = PAPER.evaluate(List.of(group));
    double token = 1 / 8.0;
    assertThat(evaluation.tokenWeights()[0][0])
        .containsExactly(new double[] {token, token, 0, 0, 0, 0, token, token}, EXACT);
    assertThat(evaluation.tokenWeights()[0][1])
        .containsExactly(new double[] {-0.25, -0.25, -0.25, -0.25}, EXACT);
    // Four of eight tokens of log-probability -1, less the wrong response's score.
    assertThat(evaluation.value()).isCloseTo(-0.5 + 3, EXACT);
  }

  @Test
  void aTailOfAResponseThatIsPushedDownOrWrongIsAsItWas() {
    Group right = group(response(true, 5, -1), tailed(response(true, 20, -1), 3, 9));
    assertThat(Weights.byResponse(contrast().evaluate(List.of(right)).tokenWeights()[0])[1])
        .isCloseTo(weights(AllCorrect.CONTRAST, group(2, 5, 20))[1], EXACT);
    Group wrong = group(response(true, 5, -1), tailed(response(false, 4, -1), 1, 3));
    assertThat(PAPER.evaluate(List.of(wrong)).tokenWeights()[0][1]).containsOnly(-0.25);
  }

  private static Objective contrast() {
    return Drpo.Config.DEFAULT.withAllCorrect(AllCorrect.CONTRAST).objective(BUDGET);
  }

  @Test
  void aTailIsHeldInTheTrustRegionLikeTheRest() {
    Group group = group(tailed(moved(response(true, 4, -1), -0.125), 1, 3));
    assertThat(Weights.flat(PAPER.evaluate(List.of(group)).tokenWeights()))
        .allSatisfy(weight -> assertThat(weight).isCloseTo(1000 * 0.1249 / 4, within(1e-10)));
  }

  @Test
  void oneCorrectResponseHasTheWholeWeightHoweverLong() {
    Group group = group(List.of(response(true, BUDGET, -1), response(false, 3, -1)));
    assertThat(Weights.byResponse(PAPER.evaluate(List.of(group)).tokenWeights()[0]))
        .containsExactly(new double[] {1, -1}, EXACT);
  }

  @Test
  void equalLengthsAndInfiniteLambdaGiveUniformWeights() {
    Group equal =
        group(List.of(response(true, 8, -1), response(true, 8, -3), response(false, 2, -1)));
    assertThat(Weights.byResponse(PAPER.evaluate(List.of(equal)).tokenWeights()[0]))
        .containsExactly(new double[] {0.5, 0.5, -1}, EXACT);
    Drpo disco = new Drpo(BUDGET, Double.POSITIVE_INFINITY, TAU, DELTA, BETA);
    assertThat(Weights.byResponse(disco.evaluate(List.of(GOLDEN)).tokenWeights()[0]))
        .startsWith(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, EXACT);
  }

  @Test
  void aTinyLambdaGivesTheShortestCorrectResponseAllTheWeight() {
    Drpo drpo = new Drpo(BUDGET, 1e-4, TAU, DELTA, BETA);
    // exp(-0.13 / 1e-4) underflows to zero.
    assertThat(Weights.byResponse(drpo.evaluate(List.of(GOLDEN)).tokenWeights()[0]))
        .startsWith(new double[] {1, 0, 0}, EXACT);
  }

  @Test
  void tauInterpolatesBetweenTheLikeliestWrongResponseAndAllOfThem() {
    Group group =
        group(List.of(response(true, 4, -1), response(false, 4, -0.5), response(false, 4, -2)));
    assertThat(negatives(new Drpo(BUDGET, LAMBDA, 1e-3, DELTA, BETA), group))
        .containsExactly(new double[] {-1, 0}, EXACT);
    assertThat(negatives(new Drpo(BUDGET, LAMBDA, 1e9, DELTA, BETA), group))
        .containsExactly(new double[] {-0.5, -0.5}, within(1e-9));
    // softmax(-0.5, -2) = 1 / (1 + exp(-1.5)).
    assertThat(negatives(new Drpo(BUDGET, LAMBDA, 1, DELTA, BETA), group))
        .containsExactly(new double[] {-0.8175744761936437, -0.18242552380635635}, EXACT);
  }

  private static double[] negatives(Drpo drpo, Group group) {
    double[] weights = Weights.byResponse(drpo.evaluate(List.of(group)).tokenWeights()[0]);
    return Arrays.copyOfRange(weights, 1, weights.length);
  }

  @Test
  void outsideTheTrustRegionEveryTokenIsPulledBack() {
    // Every log-probability fell by 1/8: KL is 0.125 over 10 tokens.
    Group group =
        group(List.of(moved(response(true, 4, -1), -0.125), moved(response(true, 6, -1), -0.125)));
    Objective.Evaluation evaluation = PAPER.evaluate(List.of(group));
    assertThat(evaluation.divergence()).isEqualTo(0.125);
    assertThat(evaluation.value()).isCloseTo(-BETA / 2 * 0.1249 * 0.1249, EXACT);
    // beta (KL - delta) / tokens = 1000 * 0.1249 / 10.
    assertThat(Weights.flat(evaluation.tokenWeights()))
        .allSatisfy(weight -> assertThat(weight).isCloseTo(12.49, within(1e-10)));
  }

  @Test
  void insideTheTrustRegionAtItsEdgeAndWithANegativeEstimateNothingIsPulled() {
    double edge = 0x1p-10;
    Drpo drpo = new Drpo(BUDGET, LAMBDA, TAU, edge, BETA);
    for (double change : new double[] {0, -edge / 2, -edge, 0.25}) {
      Group group = group(List.of(moved(response(true, 4, -1), change)));
      Objective.Evaluation evaluation = drpo.evaluate(List.of(group));
      assertThat(evaluation.divergence()).isEqualTo(-change);
      assertThat(evaluation.value()).isZero();
      assertThat(Weights.flat(evaluation.tokenWeights())).containsOnly(0.0);
    }
  }
}
