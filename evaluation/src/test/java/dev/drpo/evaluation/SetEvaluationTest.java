package dev.drpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.judge.verdict.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SetEvaluationTest {
  /** Two problems of four samples each; every figure below is worked out by hand. */
  private static final SetEvaluation SET =
      SetEvaluation.of(
          List.of(
              new JudgedProblem(
                  "a",
                  List.of(
                      Samples.JUDGE.judge("</think> \\boxed{4}", List.of("4"), 10, false),
                      Samples.JUDGE.judge("</think> \\boxed{8/2}", List.of("4"), 20, false),
                      Samples.JUDGE.judge("</think> \\boxed{5}", List.of("4"), 30, false),
                      // The budget ended it behind its box, which counts as it does in training.
                      Samples.JUDGE.judge("</think> \\boxed{4} so", List.of("4"), 40, true))),
              new JudgedProblem(
                  "b",
                  List.of(
                      Samples.JUDGE.judge("thinking", List.of("1"), 40, true),
                      Samples.JUDGE.judge("</think> no box", List.of("1"), 5, false),
                      Samples.JUDGE.judge("</think> \\boxed{1}", List.of("1"), 15, false),
                      Samples.JUDGE.judge("</think> \\boxed{2}", List.of("1"), 25, false)))),
          List.of(1, 2, 4),
          Samples.JUDGE::same);

  @Test
  void accuracyPassAndMajority() {
    assertThat(SET.problems()).isEqualTo(2);
    assertThat(SET.samples()).isEqualTo(8);
    assertThat(SET.accuracy().mean()).isEqualTo(0.5);
    // Shares 3/4 and 1/4: SE^2 = 2/16 / (2 * 1).
    assertThat(SET.accuracy().standardError()).isCloseTo(0.25, within(1e-12));
    assertThat(SET.passAtK()).containsOnlyKeys(1, 2, 4).containsEntry(4, 1.0);
    // Pairs of wrong samples: none of a's six, 3 of b's six.
    assertThat(SET.passAtK().get(2)).isCloseTo(0.75, within(1e-12));
    // a: 4 wins; b: 1 and 2 tie.
    assertThat(SET.majAtK().get(4)).isCloseTo(0.75, within(1e-12));
    assertThat(SET.majAtK().get(1)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void lengthsOfAllRightWrongAndEndedResponses() {
    assertThat(SET.all().count()).isEqualTo(8);
    assertThat(SET.all().mean()).isCloseTo(185.0 / 8, within(1e-12));
    assertThat(SET.length().mean()).isCloseTo(185.0 / 8, within(1e-12));
    // Means 25 and 85/4: SE^2 = 2 * (15/8)^2 / 2.
    assertThat(SET.length().standardError()).isCloseTo(1.875, within(1e-12));
    // 5 10 15 20 25 30 40 40
    assertThat(SET.all().quantiles())
        .isEqualTo(Map.of(0, 5.0, 5, 6.75, 25, 13.75, 50, 22.5, 75, 32.5, 95, 40.0, 100, 40.0));
    assertThat(SET.right().mean()).isCloseTo((10 + 20 + 40 + 15) / 4.0, within(1e-12));
    assertThat(SET.wrong().mean()).isCloseTo((30 + 40 + 5 + 25) / 4.0, within(1e-12));
    assertThat(SET.ended().count()).isEqualTo(6);
    assertThat(SET.ended().mean()).isCloseTo(105.0 / 6, within(1e-12));
  }

  @Test
  void whatWentWrong() {
    assertThat(SET.truncated()).isEqualTo(2);
    assertThat(SET.formatFailures()).isEqualTo(2);
    assertThat(SET.endedWithoutAnswer()).isEqualTo(1);
    assertThat(SET.outcomes())
        .isEqualTo(Map.of(Outcome.EQUAL, 4, Outcome.NOT_EQUAL, 2, Outcome.NO_ANSWER, 2));
    assertThat(SET.rules())
        .containsEntry("no-think-end", 1)
        .containsEntry("no-box", 1)
        .containsEntry("different-numbers", 2);
    assertThat(SET.rules().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(8);
  }

  @Test
  void whatDoesNotExistIsNaN() {
    SetEvaluation right =
        SetEvaluation.of(List.of(Samples.problem(2, 2)), List.of(1), Samples.JUDGE::same);

    assertThat(right.wrong().count()).isZero();
    assertThat(right.wrong().mean()).isNaN();
    assertThat(right.wrong().quantiles()).isEmpty();
  }
}
