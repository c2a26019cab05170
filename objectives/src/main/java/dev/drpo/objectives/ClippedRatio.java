package dev.drpo.objectives;

import dev.drpo.objectives.Objective.Evaluation;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What the group-relative objectives have in common (Eq. 3 of arXiv 2402.03300, without the penalty
 * for leaving a reference policy):
 *
 * <pre>
 *   J = mean over tokens of min( rho A, clip(rho, 1 - low, 1 + high) A )
 *   rho = current / old probability of the token
 * </pre>
 *
 * where A is the advantage of the token's response. They differ in A, in the clip and in the mean.
 * With importance weights, each token's term counts by its weight.
 *
 * @param low how far a ratio may fall below 1 before it earns nothing more
 * @param high how far it may rise above
 */
record ClippedRatio(double low, double high, Averaging averaging) {
  /** With the same room below and above, and each response counting the same. */
  static ClippedRatio byResponse(double clip) {
    return new ClippedRatio(clip, clip, Averaging.ofResponses());
  }

  /**
   * Evaluates the mini-batch.
   *
   * @param advantages one for each response of a group
   */
  Evaluation evaluate(List<Group> groups, Function<Group, double[]> advantages) {
    ToDoubleFunction<Response> shares = averaging.over(groups);
    double value = 0;
    double[][][] weights = new double[groups.size()][][];
    for (int q = 0; q < weights.length; q++) {
      Group group = groups.get(q);
      double[] ofGroup = advantages.apply(group);
      weights[q] = new double[group.size()][];
      for (int i = 0; i < weights[q].length; i++) {
        Response response = group.responses().get(i);
        double advantage = ofGroup[i];
        double ofResponse = shares.applyAsDouble(response);
        weights[q][i] = new double[response.length()];
        for (int t = 0; t < response.length(); t++) {
          double ratio = Math.exp(response.logRatio(t));
          double earned = ratio * advantage;
          double bounded = Math.clamp(ratio, 1 - low, 1 + high) * advantage;
          double share = ofResponse * response.importance(t);
          value += Math.min(earned, bounded) * share;
          weights[q][i][t] = earned <= bounded ? earned * share : 0;
        }
      }
    }
    return new Evaluation(value, weights, Divergence.K1.of(groups));
  }
}
