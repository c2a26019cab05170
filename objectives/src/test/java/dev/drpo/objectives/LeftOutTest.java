package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.group;
import static dev.drpo.objectives.Batch.moved;
import static dev.drpo.objectives.Batch.response;
import static dev.drpo.objectives.Batch.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Tokens and whole responses of importance 0, which are left out of an update. */
class LeftOutTest {
  private static final int BUDGET = 16;

  /**
   * Right responses of 2 and 4 tokens, wrong ones of 1 and 2, at a budget of 10 and lambda 0.2: the
   * weights of the right ones are 1/(1 + e^-1) and 1/(1 + e). The short right one is left out.
   */
  @Test
  void aRightResponseThatIsLeftOutHandsItsWeightToNoOther() {
    Group whole = group(2, 2, 4, 1, 2);
    List<Response> responses = whole.responses();
    Group without =
        group(
            weighted(responses.get(0), 0, 0),
            weighted(responses.get(1), 1, 1, 1, 1),
            responses.get(2),
            responses.get(3));
    double[][] weights =
        new Drpo(10, 0.2, 10, 1e-4, 1e3).evaluate(List.of(without)).tokenWeights()[0];
    assertThat(Weights.byResponse(weights))
        .containsExactly(new double[] {0, 0.2689414213699951, -0.5, -0.5}, within(1e-12));
    assertThat(weights[0]).containsExactly(0, 0);
  }

  /** Four tokens at -log ratios of 0.1, 0.2, 0.3 and 5, of which the last is left out. */
  @ParameterizedTest
  @EnumSource(Divergence.class)
  void theDivergenceIsTheMeanOverWhatCounts(Divergence estimator) {
    double[] down = {0.1, 0.2, 0.3, 5};
    Response response = moved(response(true, 4, -1), token -> -down[token]);
    List<Group> groups = List.of(group(weighted(response, 1, 1, 1, 0)));
    double expected =
        switch (estimator) {
          case K1 -> 0.2;
          // (0.004837418 + 0.018730753 + 0.040818221) / 3, of exp(-d) - 1 + d
          case K3 -> 0.021462130;
        };
    assertThat(estimator.of(groups)).isCloseTo(expected, within(1e-7));
    // beta * (KL - delta) over the three tokens that count, on each of them alone.
    Objective.Evaluation evaluation =
        new Disco(Score.LOG_LIKELIHOOD, 10, new TrustRegion(0.01, 10, estimator)).evaluate(groups);
    double pull = 10 * (expected - 0.01) / 3;
    double slope = estimator == Divergence.K1 ? 1 : 1 - Math.exp(-0.3);
    assertThat(evaluation.tokenWeights()[0][0][2]).isCloseTo(pull * slope, within(1e-7));
    assertThat(evaluation.tokenWeights()[0][0][3]).isZero();
  }

  @ParameterizedTest
  @FieldSource("dev.drpo.objectives.Configs#NAMES")
  void aMiniBatchOfWhichNothingCountsHasNoGradientAndAFiniteValue(String name) {
    Objective.Evaluation evaluation =
        objective(name).evaluate(each(miniBatch(7), response -> constant(response, 0)));
    assertThat(evaluation.value()).isFinite();
    assertThat(evaluation.divergence()).isZero();
    assertThat(
            Arrays.stream(evaluation.tokenWeights())
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream))
        .allMatch(weight -> weight == 0);
  }

  @ParameterizedTest
  @FieldSource("dev.drpo.objectives.Configs#NAMES")
  void whereAllCountOneNoBitIsAnotherThanWithoutImportance(String name) {
    for (int seed = 0; seed < 20; seed++) {
      List<Group> groups = miniBatch(seed);
      assertThat(objective(name).evaluate(each(groups, response -> constant(response, 1))))
          .usingRecursiveComparison()
          .isEqualTo(objective(name).evaluate(groups));
    }
  }

  /** Inside the trust region; outside, it pulls what counts by another distance. */
  @ParameterizedTest
  @FieldSource("dev.drpo.objectives.Configs#NAMES")
  void whatIsLeftOutChangesNoOtherResponsesWeightsAtTheStepsStart(String name) {
    for (int seed = 0; seed < 20; seed++) {
      List<Group> groups = each(miniBatch(seed), response -> moved(response, 0));
      Group first = groups.getFirst();
      int which = seed % first.size();
      List<Group> without =
          each(
              groups,
              response ->
                  response == first.responses().get(which) ? constant(response, 0) : response);
      double[][][] expected = objective(name).evaluate(groups).tokenWeights();
      Arrays.fill(expected[0][which], 0);
      Weights.assertClose(name, objective(name).evaluate(without).tokenWeights(), expected);
    }
  }

  private static Objective objective(String name) {
    Objective objective = Configs.of(name).objective(BUDGET);
    if (name.equals("hapo")) {
      // Only a question that was solved before has a length term.
      objective.restore(Map.of("q0", 3L));
    }
    return objective;
  }

  private static List<Group> miniBatch(int seed) {
    Random random = new Random(seed);
    return Batch.random(random, BUDGET, () -> 0.1 * random.nextGaussian());
  }

  private static List<Group> each(List<Group> groups, UnaryOperator<Response> change) {
    return groups.stream()
        .map(group -> new Group(group.question(), group.responses().stream().map(change).toList()))
        .toList();
  }

  private static Response constant(Response response, double importance) {
    double[] all = new double[response.length()];
    Arrays.fill(all, importance);
    return weighted(response, all);
  }
}
