package dev.drpo.learner.objective;

import java.util.Arrays;
import java.util.List;

/**
 * Group Relative Policy Optimization (arXiv 2402.03300) with a real-valued reward r, which is 1 for
 * a right answer and 0 else where nothing but the answer is rewarded:
 *
 * <pre>
 *   J = 1/N sum_i 1/|o_i| sum_t min( rho A_i, clip(rho, 1 - eps, 1 + eps) A_i )
 *   A_i = (r_i - mean) / std over the group,  rho = current / old probability of the token
 * </pre>
 *
 * where N counts all responses of the mini-batch. The deviation is the population's. A group whose
 * rewards are all equal has no advantage: dividing rounding errors by a tiny deviation would invent
 * one. There is no penalty for leaving a reference policy, as in the DRPO authors' runs.
 */
public final class Grpo implements Objective {
  private final double clip;

  /**
   * Sets the clip.
   *
   * @param clip eps, how far a ratio may leave 1 before it earns nothing more
   */
  public Grpo(double clip) {
    this.clip = clip;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    long responses = groups.stream().mapToLong(group -> group.responses().size()).sum();
    double value = 0;
    double[][][] weights = new double[groups.size()][][];
    for (int q = 0; q < groups.size(); q++) {
      Group group = groups.get(q);
      double[] advantages = advantages(group);
      weights[q] = new double[group.responses().size()][];
      for (int i = 0; i < weights[q].length; i++) {
        Response response = group.responses().get(i);
        double scale = 1.0 / response.length() / responses;
        double advantage = advantages[i];
        weights[q][i] = new double[response.length()];
        for (int t = 0; t < response.length(); t++) {
          double ratio = Math.exp((double) response.current()[t] - response.old()[t]);
          double clipped = Math.clamp(ratio, 1 - clip, 1 + clip);
          value += Math.min(ratio * advantage, clipped * advantage) * scale;
          boolean inside = ratio * advantage <= clipped * advantage;
          weights[q][i][t] = inside ? ratio * advantage * scale : 0;
        }
      }
    }
    return new Evaluation(value, weights, Divergence.of(groups).value());
  }

  private static double[] advantages(Group group) {
    double[] rewards = group.responses().stream().mapToDouble(Response::reward).toArray();
    if (Arrays.stream(rewards).allMatch(reward -> reward == rewards[0])) {
      return new double[rewards.length];
    }
    double mean = Arrays.stream(rewards).sum() / rewards.length;
    double squares = Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).sum();
    double deviation = Math.sqrt(squares / rewards.length);
    return Arrays.stream(rewards).map(reward -> (reward - mean) / deviation).toArray();
  }
}
