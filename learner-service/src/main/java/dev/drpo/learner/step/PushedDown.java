package dev.drpo.learner.step;

import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How many right responses an objective makes less likely: those whose tokens' weights sum below
 * zero.
 *
 * @param share of the right responses of a mini-batch; NaN where none is right or the objective is
 *     not finite
 * @param byOther the same of another objective on the same mini-batch; empty where there is none
 */
public record PushedDown(double share, OptionalDouble byOther) {
  /** Of a mini-batch whose numbers are not finite. */
  public static final PushedDown UNKNOWN = new PushedDown(Double.NaN, OptionalDouble.empty());

  /** Counts them. */
  static PushedDown of(
      List<Group> groups, Objective.Evaluation evaluation, Optional<Objective> other) {
    return new PushedDown(
        share(groups, evaluation),
        other.stream()
            .mapToDouble(objective -> share(groups, objective.evaluate(groups)))
            .findFirst());
  }

  private static double share(List<Group> groups, Objective.Evaluation evaluation) {
    int right = 0;
    int down = 0;
    for (int g = 0; g < groups.size(); g++) {
      for (int r = 0; r < groups.get(g).size(); r++) {
        if (groups.get(g).responses().get(r).correct()) {
          right++;
          down += Arrays.stream(evaluation.tokenWeights()[g][r]).sum() < 0 ? 1 : 0;
        }
      }
    }
    return (double) down / right;
  }
}
