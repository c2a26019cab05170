package dev.drpo.objectives;

import java.util.List;

/**
 * Dynamic decoupled conditional advantage (DDCA, arXiv 2602.02099), which compares lengths among
 * the correct responses only, and the more, the easier the question is:
 *
 * <pre>
 *   J = 1/N sum_i 1/|o_i| sum_t min( rho A_i, clip(rho, 1 - eps, 1 + eps) A_i )
 *   A_i = (r_i - mean) / deviation over the group - beta p 1[correct] (s_i - mean of s over S+)
 *   s = sigmoid( (|o| - mean) / deviation over S+ ),  r = 1[correct]
 * </pre>
 *
 * where p is the solve rate and N counts all responses of the mini-batch. Length moves nothing
 * between correct and wrong responses. Where the correct ones are equally long, or there is only
 * one, it has no part; in groups without a wrong one it decides alone. A correct response is pushed
 * down where the accuracy term is smaller than the length term, which beta below 1 allows in groups
 * that are nearly all correct.
 *
 * <p>As in the authors' code, both deviations are those of a whole population (over n), with 1e-8
 * added to each.
 */
public final class Ddca implements Objective {
  /** What the authors' code adds to a deviation. */
  private static final double FLOOR = 1e-8;

  private final ClippedRatio surrogate;
  private final double beta;

  /**
   * Sets the weight of length.
   *
   * @param clip eps, how far a ratio may leave 1
   * @param beta weight of the length term where every response is correct
   */
  public Ddca(double clip, double beta) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.beta = beta;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, this::advantages);
  }

  private double[] advantages(Group group) {
    double[] advantages = normalised(group.each(response -> response.correct() ? 1 : 0));
    double[] costs = lengthCosts(group);
    int next = 0;
    for (int i = 0; i < advantages.length; i++) {
      if (group.responses().get(i).correct()) {
        advantages[i] -= beta * group.solveRate() * costs[next++];
      }
    }
    return advantages;
  }

  /** s less its mean, of the correct responses in order. */
  private static double[] lengthCosts(Group group) {
    double[] scores =
        normalised(
            group.responses().stream()
                .filter(Response::correct)
                .mapToDouble(Response::length)
                .toArray());
    for (int i = 0; i < scores.length; i++) {
      scores[i] = 1 / (1 + Math.exp(-scores[i]));
    }
    return Advantages.centred(scores);
  }

  private static double[] normalised(double[] values) {
    double deviation = Advantages.populationDeviation(values) + FLOOR;
    double[] normalised = Advantages.centred(values);
    for (int i = 0; i < normalised.length; i++) {
      normalised[i] /= deviation;
    }
    return normalised;
  }

  /** Its {@link Option options}: by default beta is that of arXiv 2602.02099. */
  public record Config(double clip, double ddcaBeta) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.2);

    public Config {
      Option.CLIP.require(clip);
      Option.DDCA_BETA.require(ddcaBeta);
    }

    @Override
    public String name() {
      return "ddca";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Ddca(clip, ddcaBeta);
    }
  }
}
