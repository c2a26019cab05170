package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.group;
import static dev.drpo.objectives.Batch.moved;
import static dev.drpo.objectives.Batch.response;
import static dev.drpo.objectives.Batch.truncated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Weights derived by hand, of three correct responses and three wrong ones. */
class BaselinesTest {
  private static final double CLIP = 0.2;
  private static final int BUDGET = 1000;
  private static final double[] REWARDS = {1, 1, 1, 0, 0, 0};
  private static final int[] LENGTHS = {100, 200, 900, 50, 60, 70};
  private static final Offset<Double> EXACT = within(1e-11);

  private static double[] weights(Objective objective) {
    return EffectiveWeights.of(objective, REWARDS, LENGTHS);
  }

  @Test
  void grpoWithALengthRewardPushesALongCorrectResponseDown() {
    // Rewards 0.9, 0.8, 0.1 and zeros: mean 0.3, deviation sqrt(0.184), over 6 responses.
    double unit = 1 / Math.sqrt(0.184) / 6;
    assertThat(weights(new GrpoLength(CLIP, LengthReward.LINEAR, 1, BUDGET)))
        .containsExactly(
            new double[] {
              0.6 * unit, 0.5 * unit, -0.2 * unit, -0.3 * unit, -0.3 * unit, -0.3 * unit
            },
            EXACT);
  }

  @Test
  void drGrpoWeighsAResponseByItsLength() {
    // Advantages of 1/2 and -1/2, times the length, over 6 times the budget.
    assertThat(weights(new DrGrpo(CLIP, BUDGET)))
        .containsExactly(
            new double[] {
              50 / 6000.0, 100 / 6000.0, 450 / 6000.0, -25 / 6000.0, -30 / 6000.0, -35 / 6000.0
            },
            EXACT);
  }

  @Test
  void dapoRampsDownTheRewardOfTheBudgetsLastPartAndCountsTokensAlike() {
    // 900 is half-way along the ramp: rewards 1, 1, 0.5 and -1; mean -1/12, deviation 1.01036...
    assertThat(weights(new Dapo(CLIP, 0.28, 0.2, BUDGET)))
        .containsExactly(
            new double[] {
              0.07691634458,
              0.15383268916,
              0.372748439119,
              -0.032541530399,
              -0.039049836479,
              -0.045558142559
            },
            EXACT);
  }

  @Test
  void dapoLeavesGroupsWithoutContrastOutOfTheDivisorToo() {
    Dapo dapo = new Dapo(CLIP, 0.28, 0.2, 10);
    Group mixed = group(1, 2, 3);
    Group correct = group(2, 4, 10);
    Objective.Evaluation beside = dapo.evaluate(List.of(correct, mixed, group(0, 5)));
    assertThat(beside.tokenWeights()[1]).isEqualTo(dapo.evaluate(List.of(mixed)).tokenWeights()[0]);
    assertThat(Weights.byResponse(beside.tokenWeights()[0])).containsOnly(0.0);
    Objective.Evaluation alone = dapo.evaluate(List.of(correct));
    assertThat(alone.value()).isZero();
    assertThat(Weights.flat(alone.tokenWeights())).containsOnly(0.0);
  }

  @Test
  void dapoLetsARatioRiseFurtherThanItFalls() {
    double up = Math.log(1.25);
    double down = Math.log(0.75);
    Group group =
        group(
            moved(response(true, 1, -1), up),
            moved(response(true, 1, -1), Math.log(1.3)),
            moved(response(false, 1, -1), down),
            moved(response(false, 1, -1), up));
    // Advantages of sqrt(3)/2 and its opposite, over 4 tokens, times the ratio.
    double unit = Math.sqrt(0.75) / 4;
    assertThat(
            Weights.byResponse(
                new Dapo(CLIP, 0.28, 0.2, 10).evaluate(List.of(group)).tokenWeights()[0]))
        .containsExactly(new double[] {1.25 * unit, 0, 0, -1.25 * unit}, within(1e-6));
  }

  @Test
  void rlooLpTakesAPartOfTheRewardByTheStandardisedLength() {
    // Mean 400, deviation over n sqrt(380000/3): rewards 0.93981..., 0.92738..., 0.83940..., zeros.
    assertThat(weights(new RlooLp(CLIP, 0.2)))
        .containsExactly(
            new double[] {
              0.0977430653356,
              0.0952559689437,
              0.0776615336483,
              -0.0902201893092,
              -0.0902201893092,
              -0.0902201893092
            },
            EXACT);
  }

  @Test
  void rlooLpGivesTruncatedResponsesNothingAndLeavesTheirLengthsOut() {
    // The fourth is right, and 1000 tokens would move mean and deviation: as if it were wrong.
    Group group =
        group(
            response(true, 100, -1),
            response(true, 200, -1),
            response(true, 900, -1),
            truncated(response(true, 1000, -1)),
            response(false, 50, -1),
            truncated(response(false, 1000, -1)));
    assertThat(Weights.byResponse(new RlooLp(CLIP, 0.2).evaluate(List.of(group)).tokenWeights()[0]))
        .containsExactly(
            new double[] {
              0.0977430653356,
              0.0952559689437,
              0.0776615336483,
              -0.0902201893092,
              -0.0902201893092,
              -0.0902201893092
            },
            EXACT);
    Group cut = group(truncated(response(true, 9, -1)), response(false, 5, -1));
    assertThat(Weights.flat(new RlooLp(CLIP, 0.2).evaluate(List.of(cut)).tokenWeights()))
        .containsOnly(0.0);
  }

  @Test
  void elsewhereATruncatedResponseIsWhatTheJudgeMadeOfIt() {
    Group whole = group(2, 4, 9, 3, 7);
    Group cut = group(whole.responses().stream().map(Batch::truncated).toList());
    for (String name : Configs.NAMES) {
      if (!name.equals("rloo-lp")) {
        assertThat(Configs.of(name).objective(10).evaluate(List.of(cut)))
            .as(name)
            .usingRecursiveComparison()
            .isEqualTo(Configs.of(name).objective(10).evaluate(List.of(whole)));
      }
    }
  }

  @Test
  void rlooLpTakesHalfOfAlphaWhereNoLengthDeviates() {
    // Rewards 0.9, 0.9, 0 and 0.9, 0: less the mean of the others, over the responses.
    assertThat(EffectiveWeights.of(new RlooLp(CLIP, 0.2), new double[] {1, 1, 0}, ints(7, 7, 3)))
        .containsExactly(new double[] {0.15, 0.15, -0.3}, EXACT);
    assertThat(EffectiveWeights.of(new RlooLp(CLIP, 0.2), new double[] {1, 0}, ints(7, 3)))
        .containsExactly(new double[] {0.45, -0.45}, EXACT);
  }

  @Test
  void alpTakesByTheTokenTimesTheSolveRate() {
    // A token costs 1/2000: rewards 0.95, 0.9, 0.55, -0.025, -0.03, -0.035.
    assertThat(weights(new Alp(CLIP, 1e-3)))
        .containsExactly(
            new double[] {
              0.198221038295,
              0.18067935349,
              0.057887559856,
              -0.1438418154,
              -0.14559598388,
              -0.147350152361
            },
            EXACT);
  }

  @Test
  void alpAsksUnsolvedQuestionsForShortResponsesToo() {
    // A token costs beta/2: rewards -0.5 and -1.5, deviation sqrt(0.5), which are standardised.
    double unit = 0.5 / (Math.sqrt(0.5) + 1e-6) / 2;
    assertThat(EffectiveWeights.of(new Alp(CLIP, 1), new double[] {0, 0}, ints(1, 3)))
        .containsExactly(new double[] {unit, -unit}, EXACT);
  }

  @Test
  void alpsBetaCountsAmongRightResponsesThatHardlyDiffer() {
    // Rewards differ by 1e-7 and by 1e-4: half of that, over 1/sqrt(2) of it and 1e-6, over 2.
    assertThat(EffectiveWeights.of(new Alp(CLIP, 1e-7), new double[] {1, 1}, ints(1000, 1001)))
        .containsExactly(new double[] {0.0466979558989 / 2, -0.0466979558989 / 2}, within(1e-9));
    assertThat(EffectiveWeights.of(new Alp(CLIP, 1e-7), new double[] {1, 1}, ints(1000, 2000)))
        .containsExactly(new double[] {0.697246230433 / 2, -0.697246230433 / 2}, within(1e-9));
  }

  @Test
  void l1MaxRewardsCorrectResponsesByTheirDistanceToTheTarget() {
    // Rewards 0.9, 0.8, 0.1 and zeros, as of the length reward above.
    assertThat(weights(new L1Max(CLIP, 1e-3, 500)))
        .containsExactly(weights(new GrpoLength(CLIP, LengthReward.LINEAR, 1, BUDGET)), EXACT);
    // Far from the target the reward is 1 or 0, whatever the length.
    assertThat(weights(new L1Max(CLIP, 1, 500)))
        .containsExactly(
            EffectiveWeights.of(new Grpo(CLIP), new double[] {1, 1, 0, 0, 0, 0}, LENGTHS), EXACT);
  }

  @Test
  void aGroupOfOneHasNothingToCompareWith() {
    for (Objective objective :
        List.of(
            new Grpo(CLIP),
            new DrGrpo(CLIP, BUDGET),
            new Dapo(CLIP, 0.28, 0.2, BUDGET),
            new RlooLp(CLIP, 0.2),
            new Alp(CLIP, 1e-3),
            new Hapo(CLIP, 1),
            new L1Max(CLIP, 1e-3, 500),
            new Dler(CLIP, 0.28, 500, 0.1),
            new Ddca(CLIP, 0.2),
            new Gr3(CLIP, 0.33),
            new Laser(CLIP, 0.5, 500),
            new KimiLength(CLIP, 0.4),
            new ShorterBetter(CLIP, 2, 1e-3))) {
      assertThat(EffectiveWeights.of(objective, new double[] {1}, ints(900)))
          .as(objective.getClass().getSimpleName())
          .containsExactly(0.0);
    }
  }

  private static int[] ints(int... lengths) {
    return lengths;
  }
}
