package dev.drpo.learner.objective;

import static dev.drpo.learner.objective.Batch.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.config.RunConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ObjectivesTest {
  static final List<String> NAMES = RunConfig.Objective.NAMES;

  private static final List<Group> GROUPS =
      List.of(
          new Group(List.of(response(true, 2, -1), response(true, 9, -1), response(false, 4, -1))));

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyNameThatAConfigurationMayHaveIsAnObjective(String name) {
    assertThat(weights(name, 0.1)[2]).isNegative();
  }

  @Test
  void discoIsDrpoWithoutLengthReward() {
    assertThat(weights("disco", 0.1)).isEqualTo(weights("drpo", Double.POSITIVE_INFINITY));
    assertThat(weights("disco", 0.1)).isNotEqualTo(weights("drpo", 0.1));
  }

  private static double[] weights(String name, double lambda) {
    Objective objective =
        Objectives.of(new RunConfig.Objective(name, lambda, 10, 1e-4, 1e3, 0.2), 16);
    return Weights.byResponse(objective.evaluate(GROUPS).tokenWeights()[0]);
  }
}
