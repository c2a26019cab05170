package dev.drpo.objectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Offset;

class ObjectivePropertiesTest {
  private static final int BUDGET = 16;
  private static final Offset<Double> EXACT = within(1e-12);

  /** No trust region, whose pull would be added to every weight. */
  private static final TrustRegion FREE = new TrustRegion(0, 0, Divergence.K1);

  @Property
  void theWeightsOfCorrectResponsesSumToOneWhateverTheOthersAre(
      @ForAll("groups") List<Group> groups,
      @ForAll("lambdas") double lambda,
      @ForAll LengthReward reward) {
    Drpo drpo = new Drpo(new LengthWeights(reward, BUDGET, Temperature.fixed(lambda)), 10, FREE);
    double[][][] weights = drpo.evaluate(groups).tokenWeights();
    for (int q = 0; q < weights.length; q++) {
      double[] ofGroup = Weights.byResponse(weights[q]);
      double up = 0;
      double down = 0;
      for (int i = 0; i < ofGroup.length; i++) {
        if (groups.get(q).responses().get(i).correct()) {
          assertThat(ofGroup[i]).isNotNegative();
          up += ofGroup[i];
        } else {
          assertThat(ofGroup[i]).isNotPositive();
          down += ofGroup[i];
        }
      }
      double whole = groups.get(q).mixed() ? 1 : 0;
      assertThat(up * groups.size()).isCloseTo(whole, EXACT);
      assertThat(down * groups.size()).isCloseTo(-whole, EXACT);
    }
  }

  @Property
  void aLongerCorrectResponseNeverWeighsMore(
      @ForAll("groups") List<Group> groups, @ForAll("lambdas") double lambda) {
    Group group = groups.getFirst();
    double[] weights =
        Weights.byResponse(new Drpo(BUDGET, lambda, 10, 0, 0).evaluate(groups).tokenWeights()[0]);
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < weights.length; j++) {
        Response one = group.responses().get(i);
        Response other = group.responses().get(j);
        if (one.correct() && other.correct() && one.length() > other.length()) {
          assertThat(weights[i]).isLessThanOrEqualTo(weights[j] + 1e-15);
        }
      }
    }
  }

  @Property
  void drpoWithInfiniteLambdaIsDisco(
      @ForAll("groups") List<Group> groups,
      @ForAll LengthReward reward,
      @ForAll Divergence estimator) {
    TrustRegion region = new TrustRegion(1e-4, 1e3, estimator);
    Temperature infinite = Temperature.fixed(Double.POSITIVE_INFINITY);
    assertThat(new Drpo(new LengthWeights(reward, BUDGET, infinite), 10, region).evaluate(groups))
        .usingRecursiveComparison()
        .isEqualTo(new Disco(Score.LOG_LIKELIHOOD, 10, region).evaluate(groups));
  }

  @Property(tries = 300)
  void permutedResponsesHavePermutedWeights(
      @ForAll("groups") List<Group> groups, @ForAll("names") String name, @ForAll long seed) {
    List<Group> permuted = new ArrayList<>();
    List<List<Integer>> orders = new ArrayList<>();
    for (Group group : groups) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < group.size(); i++) {
        order.add(i);
      }
      Collections.shuffle(order, new Random(seed));
      orders.add(order);
      permuted.add(
          new Group(group.question(), order.stream().map(group.responses()::get).toList()));
    }
    Objective objective = objective(name);
    Objective.Evaluation before = objective.evaluate(groups);
    Objective.Evaluation after = objective.evaluate(permuted);
    assertThat(after.value())
        .isCloseTo(before.value(), within(1e-9 * (1 + Math.abs(before.value()))));
    for (int q = 0; q < orders.size(); q++) {
      for (int i = 0; i < orders.get(q).size(); i++) {
        assertThat(after.tokenWeights()[q][i])
            .containsExactly(before.tokenWeights()[q][orders.get(q).get(i)], within(1e-7));
      }
    }
  }

  @Property(tries = 300)
  void everyWeightIsFinite(@ForAll("groups") List<Group> groups, @ForAll("names") String name) {
    Objective.Evaluation evaluation = objective(name).evaluate(groups);
    assertThat(evaluation.value()).isFinite();
    assertThat(Weights.flat(evaluation.tokenWeights())).allMatch(Double::isFinite);
  }

  @Property(tries = 300)
  void aGroupOfEqualRewardsAndLengthsHasNoWeightAtTheSamplingPolicy(
      @ForAll("names") String name, @ForAll boolean correct) {
    double[] rewards = new double[5];
    int[] lengths = new int[5];
    Arrays.fill(rewards, correct ? 1 : 0);
    Arrays.fill(lengths, 7);
    assertThat(EffectiveWeights.of(objective(name), rewards, lengths)).containsOnly(0.0);
  }

  private static Objective objective(String name) {
    return Configs.of(name).objective(BUDGET);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(Configs.NAMES);
  }

  @Provide
  Arbitrary<Double> lambdas() {
    return Arbitraries.of(
        Double.MIN_VALUE, 1e-300, 1e-4, 1e-2, 0.1, 1.0, 1e3, 1e300, Double.POSITIVE_INFINITY);
  }

  @Provide
  Arbitrary<List<Group>> groups() {
    Arbitrary<Response> response =
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.integers().between(1, BUDGET),
                Arbitraries.doubles().between(-30, -0.01),
                Arbitraries.doubles().between(-0.5, 0.5))
            .as(
                (correct, length, old, change) ->
                    Batch.moved(Batch.response(correct, length, old), change));
    return response
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(Batch::group)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
