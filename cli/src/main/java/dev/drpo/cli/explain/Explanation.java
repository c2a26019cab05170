package dev.drpo.cli.explain;

import dev.drpo.objectives.EffectiveWeights;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.ObjectiveConfig;
import dev.drpo.runtime.config.Objectives;
import dev.drpo.runtime.config.RunConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Every objective's weights of one group, computed by the code that training runs.
 *
 * @param lambda of drpo
 * @param weights of each response, by the objective's name
 */
record Explanation(GivenGroup group, double lambda, Map<String, double[]> weights) {
  /** What a run has that says nothing. */
  static final RunConfig DEFAULTS = ConfigLoader.load(null, Map.of(), Map.of());

  /**
   * Evaluates every objective with its default options.
   *
   * @throws dev.drpo.runtime.config.ConfigException if there is no such lambda
   */
  static Explanation of(GivenGroup group, double lambda) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (String name : ObjectiveConfig.NAMES) {
      weights.put(
          name,
          EffectiveWeights.of(
              Objectives.of(settings(name, lambda), group.maxLength()),
              group.rewardArray(),
              group.lengthArray()));
    }
    return new Explanation(group, lambda, weights);
  }

  private static ObjectiveConfig settings(String name, double lambda) {
    Map<String, String> overrides =
        name.equals("drpo")
            ? Map.of("objective.lambda", Double.toString(lambda))
            : Map.of("objective.name", name);
    return ConfigLoader.load(null, Map.of(), overrides).objective();
  }

  /** Whether an objective pushes a right answer down. */
  boolean hurts(String objective, int response) {
    return group.isRight(response) && weights.get(objective)[response] < 0;
  }

  boolean hurtsAny(String objective) {
    return IntStream.range(0, group.rewards().size()).anyMatch(i -> hurts(objective, i));
  }
}
