package dev.drpo.learner.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two questions by hand. The first has one right and one wrong response of two tokens each; the
 * second has one right response of four. Its tokens drifted by 0.3 nats, the first's not at all: KL
 * is 0 and 0.3 by question, and 0.3 * 4/8 = 0.15 over both. delta is 0.1, beta is 10.
 */
class PerMicroBatchTest {
  private static final Objective DRPO = new Drpo(16, 0.1, 10, 0.1, 10);
  private static final List<Group> GROUPS =
      List.of(
          new Group(
              "q",
              List.of(
                  new Response(true, new float[] {-1, -1}, new float[] {-1, -1}),
                  new Response(false, new float[] {-2, -2}, new float[] {-2, -2}))),
          new Group(
              "q",
              List.of(
                  new Response(
                      true,
                      new float[] {-0.7f, -0.7f, -0.7f, -0.7f},
                      new float[] {-1, -1, -1, -1}))));

  @Test
  void overTheMiniBatchDivisorAndHingeAreOfBothQuestions() {
    Objective.Evaluation whole = DRPO.evaluate(GROUPS);
    // beta * (0.15 - 0.1) over 8 tokens, on all of them.
    double pull = 10 * 0.05 / 8;
    assertThat(whole.divergence()).isCloseTo(0.15, within(1e-6));
    assertThat(whole.tokenWeights()[0][0][0]).isCloseTo(1.0 / 2 / 2 + pull, within(1e-6));
    assertThat(whole.tokenWeights()[0][1][0]).isCloseTo(-1.0 / 2 / 2 + pull, within(1e-6));
    assertThat(whole.tokenWeights()[1][0][0]).isCloseTo(pull, within(1e-6));
    assertThat(whole.value()).isCloseTo((-1 + 2) / 2.0 - 5 * 0.05 * 0.05, within(1e-6));
  }

  @Test
  void perMicroBatchEachHasItsOwnAndTheyAreAveraged() {
    Objective.Evaluation cut = new PerMicroBatch(DRPO, 1).evaluate(GROUPS);
    // The first question is inside its trust region; beta * (0.3 - 0.1) over the second's 4 tokens.
    double pull = 10 * 0.2 / 4 / 2;
    assertThat(cut.divergence()).isCloseTo(0.15, within(1e-6));
    assertThat(cut.tokenWeights()[0][0][0]).isCloseTo(1.0 / 2 / 2, within(1e-6));
    assertThat(cut.tokenWeights()[0][1][0]).isCloseTo(-1.0 / 2 / 2, within(1e-6));
    assertThat(cut.tokenWeights()[1][0][0]).isCloseTo(pull, within(1e-6));
    assertThat(cut.value()).isCloseTo((-1 + 2) / 2.0 - 5 * 0.2 * 0.2 / 2, within(1e-6));
  }

  @Test
  void aShortLastMicroBatchCountsByItsQuestions() {
    List<Group> three = List.of(GROUPS.get(0), GROUPS.get(0), GROUPS.get(1));
    Objective.Evaluation cut = new PerMicroBatch(DRPO, 2).evaluate(three);
    // Two thirds of the first two, which are inside, and a third of the last one.
    double pull = 10 * 0.2 / 4 / 3;
    assertThat(cut.tokenWeights()[0][0][0]).isCloseTo(1.0 / 3 / 2, within(1e-6));
    assertThat(cut.tokenWeights()[1][0][0]).isCloseTo(1.0 / 3 / 2, within(1e-6));
    assertThat(cut.tokenWeights()[2][0][0]).isCloseTo(pull, within(1e-6));
    assertThat(cut.value()).isCloseTo((1 * 2 - 5 * 0.2 * 0.2) / 3, within(1e-6));
    // 0.3 nats over 4 of 12 tokens.
    assertThat(cut.divergence()).isCloseTo(0.1, within(1e-6));
  }

  /** Of the second question's tokens, two count. */
  @Test
  void theDivergenceIsTheMeanOverTheTokensThatCount() {
    Response half = GROUPS.get(1).responses().getFirst();
    Response without =
        new Response(true, 1, false, half.old(), half.current(), new double[] {1, 0, 1, 0});
    List<Group> groups = List.of(GROUPS.get(0), new Group("q", List.of(without)));
    // 0.3 nats over 2 of 6 tokens.
    assertThat(DRPO.evaluate(groups).divergence()).isCloseTo(0.1, within(1e-6));
    assertThat(new PerMicroBatch(DRPO, 1).evaluate(groups).divergence())
        .isCloseTo(0.1, within(1e-6));
    Response nothing =
        new Response(true, 1, false, half.old(), half.current(), new double[] {0, 0, 0, 0});
    assertThat(
            new PerMicroBatch(DRPO, 1)
                .evaluate(List.of(new Group("q", List.of(nothing))))
                .divergence())
        .isZero();
  }

  @Test
  void aMicroBatchOfAllQuestionsIsTheMiniBatch() {
    assertThat(new PerMicroBatch(DRPO, 2).evaluate(GROUPS))
        .usingRecursiveComparison()
        .isEqualTo(DRPO.evaluate(GROUPS));
  }
}
