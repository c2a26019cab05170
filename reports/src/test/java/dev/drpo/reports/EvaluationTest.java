package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.reports.Evaluation.Response;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final Response RIGHT = new Response(true, 10, false);
  private static final Response WRONG = new Response(false, 30, true);

  @Test
  void lengthsAreAveragedByVerdict() {
    Evaluation evaluation =
        Evaluation.of(
            List.of(List.of(RIGHT, WRONG), List.of(RIGHT, new Response(true, 20, false))));
    assertThat(evaluation.accuracy()).isEqualTo(0.75);
    assertThat(evaluation.meanLength()).isEqualTo(17.5);
    assertThat(evaluation.meanLengthCorrect()).isCloseTo(40 / 3.0, within(1e-12));
    assertThat(evaluation.meanLengthWrong()).isEqualTo(30);
    assertThat(evaluation.samples()).isEqualTo(4);
    assertThat(evaluation.problems()).isEqualTo(2);
    assertThat(evaluation.truncated()).isOne();
  }

  @Test
  void aSetHasAnEvaluationOfItsOwn() {
    Evaluation evaluation =
        Evaluation.ofSets(
            List.of(List.of(RIGHT), List.of(WRONG), List.of(WRONG), List.of(RIGHT)),
            List.of("small", "large", "large", "large"));
    assertThat(evaluation.accuracy()).isEqualTo(0.5);
    assertThat(evaluation.accuracyOverSets()).isCloseTo((1 + 1 / 3.0) / 2, within(1e-12));
    assertThat(evaluation.sets()).containsOnlyKeys("large", "small");
    assertThat(evaluation.sets().get("small")).isEqualTo(Evaluation.of(List.of(List.of(RIGHT))));
    assertThat(evaluation.sets().get("large"))
        .isEqualTo(Evaluation.of(List.of(List.of(WRONG), List.of(WRONG), List.of(RIGHT))));
    assertThat(Evaluation.of(List.of(List.of(RIGHT), List.of(WRONG))).accuracyOverSets())
        .isEqualTo(0.5);
  }

  @Test
  void passAtKFollowsTheUnbiasedEstimator() {
    // One right of four: 1 - C(3,k)/C(4,k).
    Evaluation evaluation = Evaluation.of(List.of(List.of(RIGHT, WRONG, WRONG, WRONG)));
    assertThat(evaluation.passAtK()).isEqualTo(Map.of(1, 0.25, 2, 0.5, 4, 1.0));
  }

  @Test
  void samplesThatRepeatEachOtherNarrowNothing() {
    Evaluation single = Evaluation.of(problems(1));
    Evaluation repeated = Evaluation.of(problems(16));
    assertThat(repeated.accuracyStandardError())
        .isCloseTo(single.accuracyStandardError(), within(1e-12));
    assertThat(repeated.accuracyInterval().low())
        .isCloseTo(single.accuracyInterval().low(), within(1e-3));
  }

  /** Forty problems, half of them always solved. */
  private static List<List<Response>> problems(int samples) {
    return IntStream.range(0, 40)
        .mapToObj(i -> Collections.nCopies(samples, i % 2 == 0 ? RIGHT : WRONG))
        .toList();
  }

  @Test
  void theIntervalHasAWidthEvenWhereAllAreRight() {
    Interval interval =
        Evaluation.of(Collections.nCopies(40, List.of(RIGHT, RIGHT))).accuracyInterval();
    assertThat(interval.high()).isEqualTo(1);
    assertThat(interval.low()).isBetween(0.85, 0.95);
  }

  @Test
  void theIntervalMatchesWilsonsTable() {
    // Wilson's interval for 7 of 10.
    Interval interval = Interval.wilson(0.7, 10);
    assertThat(interval.low()).isCloseTo(0.3968, within(1e-4));
    assertThat(interval.high()).isCloseTo(0.8922, within(1e-4));
  }

  @Test
  void aProblemWithoutResponsesIsRefused() {
    assertThatThrownBy(() -> Evaluation.of(List.of(List.of(RIGHT), List.of())))
        .hasMessageContaining("no response");
  }
}
