package dev.drpo.cli.explain;

import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.EffectiveWeights;
import dev.drpo.objectives.ObjectiveConfig;
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
  /** Evaluates every objective with the options of its paper, apart from drpo's. */
  static Explanation of(GivenGroup group, Drpo.Config drpo) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (ObjectiveConfig byDefault : ObjectiveConfig.defaults()) {
      ObjectiveConfig config = byDefault instanceof Drpo.Config ? drpo : byDefault;
      weights.put(
          config.name(),
          EffectiveWeights.of(
              config.objective(group.maxLength()), group.rewardArray(), group.lengthArray()));
    }
    return new Explanation(group, drpo.lambda(), weights);
  }

  /** Whether an objective pushes a right answer down. */
  boolean hurts(String objective, int response) {
    return group.isRight(response) && weights.get(objective)[response] < 0;
  }

  boolean hurtsAny(String objective) {
    return IntStream.range(0, group.rewards().size()).anyMatch(i -> hurts(objective, i));
  }
}
