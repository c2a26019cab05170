package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.objectives.Group;
import dev.drpo.objectives.Judged;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Response;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets of 40 tokens, of 20 once three steps are taken, and of 10 once five are. */
class StagedObjectiveTest {
  private static final Group GROUP =
      new Group("q", List.of(response(true, 4), response(true, 8), response(false, 9)));

  @ParameterizedTest
  @ValueSource(strings = {"drpo", "grpo-length", "dr-grpo", "dapo", "l1-max", "dler", "laser"})
  void everyStepHasTheWeightsOfItsBudget(String name) {
    RunConfig config = config(name);
    StagedObjective staged = new StagedObjective(config);
    for (long step : new long[] {0, 2, 3, 4, 5, 9}) {
      staged.enter(step);
      int budget = step < 3 ? 40 : step < 5 ? 20 : 10;
      Objective.Evaluation expected = config.objective().objective(budget).evaluate(List.of(GROUP));
      assertThat(staged.evaluate(List.of(GROUP)))
          .as("step %d", step)
          .usingRecursiveComparison()
          .isEqualTo(expected);
    }
  }

  @Test
  void aResumedRunEntersTheStageThatItWasIn() {
    StagedObjective whole = new StagedObjective(config("drpo"));
    for (long step = 0; step <= 6; step++) {
      whole.enter(step);
    }
    StagedObjective resumed = new StagedObjective(config("drpo"));
    resumed.enter(6);
    assertThat(resumed.evaluate(List.of(GROUP)))
        .usingRecursiveComparison()
        .isEqualTo(whole.evaluate(List.of(GROUP)));
  }

  @Test
  void whatIsRememberedGoesOnFromOneBudgetToTheNext() {
    StagedObjective staged = new StagedObjective(config("hapo"));
    staged.observe("q", true, 7);
    staged.enter(3);
    assertThat(staged.state()).isEqualTo(Map.of("q", 7L));
    staged.observe("q", true, 5);
    staged.enter(5);
    assertThat(staged.state()).isEqualTo(Map.of("q", 5L));
  }

  @Test
  void theSignalIsThatOfTheStepsBudget() {
    // Right within half of the budget: of 20 and 40 tokens both, of 10 one.
    List<Judged> right = List.of(response(true, 4), response(true, 8));
    StagedObjective staged = new StagedObjective(config("dler"));
    assertThat(staged.signal(2).in(right)).isFalse();
    assertThat(staged.signal(4).in(right)).isFalse();
    assertThat(staged.signal(5).in(right)).isTrue();
    assertThat(staged.signal().in(right)).isFalse();
    staged.enter(5);
    assertThat(staged.signal().in(right)).isTrue();
  }

  private static RunConfig config(String objective) {
    return ConfigLoader.load(
        null,
        Map.of(),
        Map.of(
            "objective.name",
            objective,
            "sampling.max-response-tokens",
            "40",
            "sampling.response-budgets",
            "3:20,5:10"));
  }

  private static Response response(boolean correct, int length) {
    return new Response(correct, new float[length], new float[length]);
  }
}
