package dev.drpo.objectives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.ObjectiveConfig;
import dev.drpo.runtime.config.Objectives;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ObjectivesTest {
  static final List<String> NAMES = ObjectiveConfig.NAMES;

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyNameThatAConfigurationMayHaveIsAnObjectiveThatPushesWrongResponsesDown(String name) {
    assertThat(weights(Map.of("objective.name", name))[2]).isNegative();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyObjectiveIsOfItsOwn(String name) {
    assertThat(NAMES.stream().map(ObjectivesTest::kind).distinct()).hasSameSizeAs(NAMES);
    assertThat(kind(name).getSimpleName()).isEqualToIgnoringCase(name.replace("-", ""));
  }

  private static Class<?> kind(String name) {
    return Objectives.of(settings(Map.of("objective.name", name)), 16).getClass();
  }

  @ParameterizedTest
  @CsvSource({
    "drpo, lambda, 0.2",
    "drpo, adaptive-lambda, true",
    "drpo, length-reward, concave",
    "drpo, length-reward, cosine",
    "grpo-length, length-reward, cosine",
    "dapo, overlong-ramp, 0.9",
    "rloo-lp, rloo-alpha, 0.4",
    "alp, alp-beta, 0.01",
    "hapo, hapo-weight, 0.1",
    "l1-max, l1-alpha, 0.05",
    "l1-max, l1-target, 0.5",
  })
  void anOptionOfTheObjectiveChangesTheWeights(String name, String key, String value) {
    // Where the reward per token matters: it is saturated or next to nothing at this length.
    Map<String, String> base = new HashMap<>(Map.of("objective.name", name));
    if (key.equals("l1-target")) {
      base.put("objective.l1-alpha", "0.05");
    }
    Map<String, String> changed = new HashMap<>(base);
    changed.put("objective." + key, value);
    assertThat(weights(changed)).isNotEqualTo(weights(base));
  }

  @ParameterizedTest
  @CsvSource({
    "drpo, tau, 0.1",
    "drpo, delta, 0.5",
    "drpo, beta, 10",
    "drpo, kl, k3",
    "disco, tau, 0.1",
    "disco, score, likelihood-ratio",
    "disco, kl, k3",
    "grpo, clip, 0.6",
    "dr-grpo, clip, 0.6",
    "grpo-length, clip, 0.6",
    "dapo, clip, 0.6",
    "dapo, clip-high, 0.6",
    "rloo-lp, clip, 0.6",
    "alp, clip, 0.6",
    "hapo, clip, 0.6",
    "l1-max, clip, 0.6",
  })
  void anOptionOfTheObjectiveCountsAwayFromTheSamplingPolicy(
      String name, String key, String value) {
    Map<String, String> base = Map.of("objective.name", name);
    Map<String, String> changed = new HashMap<>(base);
    changed.put("objective." + key, value);
    assertThat(moved(changed)).isNotEqualTo(moved(base));
  }

  @Test
  void theTemperatureOfTheRatioScoreHasItsOwnKey() {
    Map<String, String> ratio =
        Map.of("objective.name", "disco", "objective.score", "likelihood-ratio");
    Map<String, String> cold = new HashMap<>(ratio);
    cold.put("objective.ratio-tau", "0.1");
    assertThat(moved(cold)).isNotEqualTo(moved(ratio));
  }

  @Test
  void discoIsDrpoWithoutLengthReward() {
    double[] disco = weights(Map.of("objective.name", "disco"));
    assertThat(disco).isEqualTo(weights(Map.of("objective.lambda", "Infinity")));
    assertThat(disco).isNotEqualTo(weights(Map.of()));
  }

  /** With a second reward function, and of equal lengths, which tell nothing. */
  @ParameterizedTest
  @FieldSource("NAMES")
  void anObjectiveLearnsFromAGroupIfAndOnlyIfItHasItsSignal(String name) {
    Objective objective = Objectives.of(settings(Map.of("objective.name", name)), 16);
    Group liked = Batch.group(rewarded(true, 1), rewarded(true, 0.25));
    Group alike = Batch.group(rewarded(true, 1), rewarded(false, 1));
    Group both = Batch.group(rewarded(true, 1), rewarded(false, 0));
    Group none = Batch.group(rewarded(true, 1), rewarded(true, 1));
    for (Group group : List.of(liked, alike, both, none)) {
      boolean learns =
          Weights.flat(objective.evaluate(List.of(group)).tokenWeights())
              .anyMatch(weight -> Math.abs(weight) > 0);
      assertThat(objective.signal().in(group.responses())).isEqualTo(learns);
    }
  }

  private static Response rewarded(boolean correct, double reward) {
    Response response = Batch.response(correct, 4, -1);
    return new Response(correct, reward, response.old(), response.current());
  }

  private static double[] weights(Map<String, String> overrides) {
    return EffectiveWeights.of(
        Objectives.of(settings(overrides), 16),
        new double[] {1, 1, 0, 0, 1},
        new int[] {2, 9, 4, 15, 15});
  }

  /** Token weights past the clips and outside of the default trust region. */
  private static double[] moved(Map<String, String> overrides) {
    Group group =
        Batch.group(
            Batch.moved(Batch.response(true, 3, -1), t -> 0.35 - 0.3 * t),
            Batch.moved(Batch.response(false, 2, -1), -0.4),
            Batch.moved(Batch.response(false, 4, -2), t -> 0.35 - 0.35 * t));
    Objective objective = Objectives.of(settings(overrides), 16);
    return Weights.flat(objective.evaluate(List.of(group)).tokenWeights()).toArray();
  }

  private static ObjectiveConfig settings(Map<String, String> overrides) {
    return ConfigLoader.load(null, Map.of(), overrides).objective();
  }
}
