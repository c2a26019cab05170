package dev.drpo.objectives;

import static dev.drpo.objectives.Batch.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HapoTest {
  private static final double CLIP = 0.2;
  private static final Group SEEN =
      new Group(
          "seen",
          List.of(
              response(true, 100, -1),
              response(true, 200, -1),
              response(true, 900, -1),
              response(false, 50, -1),
              response(false, 60, -1),
              response(false, 70, -1)));
  private static final Group NEW = new Group("new", SEEN.responses());

  private final Hapo hapo = new Hapo(CLIP, 0.5);

  @BeforeEach
  void observe() {
    hapo.observe("seen", true, 130);
    hapo.observe("seen", true, 120);
    hapo.observe("seen", true, 125);
    hapo.observe("seen", false, 3);
    hapo.observe("new", false, 3);
  }

  @Test
  void itRemembersTheShortestCorrectResponseOfEachQuestion() {
    assertThat(hapo.state()).isEqualTo(Map.of("seen", 120L));
  }

  @Test
  void aResponseShorterThanTheShortestIsWorthMoreAndALongerOneLess() {
    // c is cos(75 degrees) for 100 tokens, and below -0.7 from 200 on: rewards 1 + 0.5 * 0.258819,
    // 0.65, 0.65; wrong ones shorter than 120 tokens keep zero. Mean 0.404902, deviation 0.476840.
    assertThat(weights(hapo, SEEN))
        .containsExactly(
            new double[] {
              0.253231013052,
              0.08566713539,
              0.08566713539,
              -0.141521761278,
              -0.141521761278,
              -0.141521761278
            },
            within(1e-11));
  }

  @Test
  void aLongWrongResponseLosesItsLengthTerm() {
    Group group =
        new Group(
            "seen",
            List.of(response(true, 120, -1), response(false, 240, -1), response(false, 9, -1)));
    // Rewards 1 + 0, 0 - 0.5 and 0: mean 1/6, deviation sqrt(7/12), over 3 responses.
    double unit = 1 / Math.sqrt(7 / 12.0) / 3;
    assertThat(weights(hapo, group))
        .containsExactly(
            new double[] {5 / 6.0 * unit, -4 / 6.0 * unit, -1 / 6.0 * unit}, within(1e-11));
  }

  @Test
  void aQuestionWithoutACorrectResponseSoFarHasNoLengthTerm() {
    assertThat(weights(hapo, NEW)).isEqualTo(weights(new Grpo(CLIP), NEW));
  }

  @Test
  void evaluatingRemembersNothing() {
    double[] first = weights(hapo, SEEN);
    assertThat(weights(hapo, SEEN)).isEqualTo(first);
    assertThat(hapo.state()).isEqualTo(Map.of("seen", 120L));
  }

  @Test
  void aRestoredObjectiveGoesOnAsTheOneThatWasStored() {
    Hapo restored = new Hapo(CLIP, 0.5);
    restored.observe("forgotten", true, 1);
    restored.restore(hapo.state());
    assertThat(restored.state()).isEqualTo(hapo.state());
    for (Hapo objective : List.of(hapo, restored)) {
      objective.observe("seen", true, 90);
      objective.observe("new", true, 40);
    }
    assertThat(restored.state()).isEqualTo(Map.of("seen", 90L, "new", 40L));
    assertThat(weights(restored, SEEN)).isEqualTo(weights(hapo, SEEN));
    assertThat(weights(restored, NEW)).isEqualTo(weights(hapo, NEW));
  }

  @Test
  void theStateIsAValueThatLaterResponsesLeaveAsItIs() {
    Map<String, Long> stored = hapo.state();
    hapo.observe("seen", true, 1);
    assertThat(stored).isEqualTo(Map.of("seen", 120L));
  }

  @Test
  void aStateThatItCannotHaveHadIsRefused() {
    assertThatThrownBy(() -> hapo.restore(Map.of("seen", 0L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("question seen can't have 0 tokens");
    assertThatThrownBy(() -> new Grpo(CLIP).restore(Map.of("seen", 120L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("remembers no past responses, but 1 questions are remembered");
  }

  private static double[] weights(Objective objective, Group group) {
    return Weights.byResponse(objective.evaluate(List.of(group)).tokenWeights()[0]);
  }
}
