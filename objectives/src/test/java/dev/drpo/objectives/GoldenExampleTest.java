package dev.drpo.objectives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The example with which arXiv 2510.04474 motivates DRPO, under every objective that a
 * configuration may name: three right responses with length rewards 0.73, 0.6 and 0.2, and three
 * wrong ones, at the sampling policy. The numbers were computed from the papers' formulas outside
 * of this project; each comment says how.
 */
class GoldenExampleTest {
  private static final int BUDGET = 100;
  private static final double[] REWARDS = {1, 1, 1, 0, 0, 0};
  private static final int[] LENGTHS = {27, 40, 80, 30, 50, 90};
  private static final int LONG_AND_RIGHT = 2;
  private static final double LARGEST_RELATIVE_ERROR = 1e-9;
  private static final double THIRD = 1 / 3.0;

  /** Half the inverse deviation of three ones and three zeros, sqrt(0.3), over 6 responses. */
  private static final double EVEN = 0.5 / Math.sqrt(0.3) / 6;

  static List<Arguments> weights() {
    return List.of(
        // exp(r / lambda) over its sum, with r = 1 - L/C; the wrong ones share alike.
        golden("drpo", "", 0.7827645350545, 0.2133282222618, 0.003907242683723, THIRD),
        // r = 1 - (L/C)^2
        golden(
            "drpo",
            "length-reward=concave",
            0.7032461431504,
            0.2943315823781,
            0.002422274471509,
            THIRD),
        // r = 0.5 + 0.5 cos(pi L/C)
        golden(
            "drpo",
            "length-reward=cosine",
            0.8529272528586,
            0.1465255630788,
            0.0005471840625753,
            THIRD),
        // lambda = 1 - 3/6
        golden(
            "drpo",
            "adaptive-lambda=true",
            0.4722533681941,
            0.3641317084471,
            0.1636149233588,
            THIRD),
        // exp(-0.13 / 1e-4) is zero in doubles.
        golden("drpo", "lambda=1e-4", 1, 0, 0, THIRD),
        golden("drpo", "lambda=Infinity", THIRD, THIRD, THIRD, THIRD),
        golden("disco", "", THIRD, THIRD, THIRD, THIRD),
        // All ratios are 1.
        golden("disco", "score=likelihood-ratio", THIRD, THIRD, THIRD, THIRD),
        golden("grpo", "", EVEN, EVEN, EVEN, EVEN),
        // Rewards 0.73, 0.6, 0.2 and zeros, less 0.255, over 0.3295, over 6 responses.
        golden(
            "grpo-length", "", 0.2402854342708, 0.1745231048914, -0.0278225239682, 0.128995338398),
        // Rewards 0.892, 0.84, 0.68 and zeros, standardised, over 6.
        golden(
            "grpo-length",
            "length-weight=0.4",
            0.1831588472217,
            0.1637215818023,
            0.1039146112809,
            0.1502650134349),
        // Advantages of 1/2 and -1/2, times L, over 6 C.
        golden("dr-grpo", "", 0.0225, 1 / 30.0, 1 / 15.0, 0.025, 1 / 24.0, 0.075),
        // Rewards 1, 1, 0.5, -1, -1 and -1.75, standardised, times L over the sum of L.
        golden(
            "dapo",
            "overlong-ramp=0.4",
            0.0866597720785,
            0.1283848475237,
            0.1505201660623,
            0.06308565783492,
            0.1051427630582,
            0.3685530536672),
        // Rewards 1 - 0.4 sigmoid((L - 49) / deviation over n), less the mean of the others, over
        // 6.
        golden(
            "rloo-lp",
            "rloo-alpha=0.4",
            0.09774229231701,
            0.0875226242025,
            0.05579738803283,
            0.08035410151745),
        // Rewards 1 or 0, less 0.01 L / 2, standardised with 1e-6 more deviation, over 6.
        golden(
            "alp",
            "alp-beta=0.01",
            0.1797282216569,
            0.1611602729294,
            0.1040281229988,
            0.1102174392412,
            0.1387835142066,
            0.1959156641372),
        // Right: 1 + max(-0.7, c) / 2, wrong: min(0, c) / 2, c = cos(min(L/27, 2) pi/2).
        golden(
            "hapo",
            "hapo-weight=0.5",
            0.2045621247571,
            0.1162079806275,
            0.1144365808119,
            0.07529676718237,
            0.1782197125777,
            0.1816902064364),
        // Rewards 0.01 (50 - L) + 0.5, which are those of grpo-length.
        golden(
            "l1-max",
            "l1-alpha=0.01,l1-target=0.5",
            0.2402854342708,
            0.1745231048914,
            -0.0278225239682,
            0.128995338398),
        // Rewards 1, 1 and zeros, less 1/3, whitened by the 317 tokens (mean -0.1219..., variance
        // 0.1667...), 0.1 more for the first two, times L over 317.
        golden(
            "dler",
            "",
            0.1727846060083,
            0.2559771940864,
            -0.1304403690902,
            0.0489151384088,
            0.0815252306814,
            0.1467454152265),
        // 1 and -1, the right ones less (s - mean s) / 2, s = sigmoid((L - 49) / 22.55...), over 6.
        golden(
            "ddca",
            "ddca-beta=1",
            0.1847793621398,
            0.1741338744879,
            0.1410867533723,
            0.1666666633333),
        // Rewards 1 / (1 + 0.33 L / 52.83...), standardised with 1e-6 more deviation, over 6.
        golden("gr3", "", 0.1822740775572, 0.1606498144838, 0.1088008484428, 0.1505749134946),
        // Rewards 1.5, 1.5, 1 and zeros, likewise.
        golden("laser", "", 0.1845028560565, 0.1845028560565, 0.0738011424226, 0.1476022848452),
        // c = 1/2 - (L - 27) / 63: rewards 1 + 0.4 c, and 0.4 min(c, 0) for the wrong ones.
        golden(
            "kimi-length",
            "",
            0.1856125656952,
            0.1638250862005,
            0.0967866877553,
            0.1311438669584,
            0.1311438669584,
            0.183936605734),
        // Rewards 2 - 0.01 (L - 27), without the 2 for the wrong ones.
        golden(
            "shorter-better",
            "shorter-beta=0.01",
            0.1797283756809,
            0.161160411041,
            0.1040282121491,
            0.1102175336957,
            0.1387836331417,
            0.1959158320336));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("weights")
  void weightsAreThoseOfTheFormulas(String name, String options, double[] expected) {
    double[] weights =
        EffectiveWeights.of(Configs.of(name, options).objective(BUDGET), REWARDS, LENGTHS);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(weights[i] - expected[i]))
          .as("response %d: %s, not %s", i, weights[i], expected[i])
          .isLessThanOrEqualTo(LARGEST_RELATIVE_ERROR * Math.abs(expected[i]));
    }
  }

  @Test
  void everyObjectiveHasItsNumbers() {
    assertThat(weights()).extracting(arguments -> arguments.get()[0]).containsAll(Configs.NAMES);
  }

  @Test
  void onlyGroupRelativeLengthRewardsPushTheLongRightResponseDown() {
    for (Arguments arguments : weights()) {
      double[] expected = (double[]) arguments.get()[2];
      if (arguments.get()[0].equals("dler")) {
        // It is longer than half of the budget, and as good as wrong.
        assertThat(expected[LONG_AND_RIGHT]).isNegative();
        continue;
      }
      // Less than the whole weight leaves the long one above the mean.
      boolean coupled =
          List.of("grpo-length", "l1-max").contains(arguments.get()[0])
              && !arguments.get()[1].equals("length-weight=0.4");
      if (coupled) {
        // -0.167 in units of the deviation.
        assertThat(expected[LONG_AND_RIGHT] * 6).isBetween(-0.17, -0.16);
      } else {
        assertThat(expected[LONG_AND_RIGHT]).isNotNegative();
      }
    }
  }

  /**
   * Expected weights.
   *
   * @param sizes of the right responses as they are and of the wrong ones, which are pushed down,
   *     without their sign; a single one stands for all three of those
   */
  private static Arguments golden(String name, String options, double... sizes) {
    double[] weights = Arrays.copyOf(sizes, REWARDS.length);
    for (int i = 3; i < weights.length; i++) {
      weights[i] = -(sizes.length == REWARDS.length ? sizes[i] : sizes[3]);
    }
    return Arguments.of(name, options, weights);
  }
}
