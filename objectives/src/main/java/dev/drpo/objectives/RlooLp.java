package dev.drpo.objectives;

import java.util.List;

/**
 * REINFORCE leave-one-out with a length penalty ("Training language models to reason efficiently",
 * arXiv 2502.04463):
 *
 * <pre>
 *   J = 1/N sum_i 1/|o_i| sum_t min( rho A_i, clip(rho, 1 - eps, 1 + eps) A_i )
 *   A_i = r_i - mean of the other rewards of the group
 *   r = 1[correct] (1 - alpha sigmoid( (|o| - mean) / deviation ))
 * </pre>
 *
 * with mean and deviation of the lengths of the group's correct responses, and N counting all
 * responses of the mini-batch. Where these lengths are all equal, or there is only one, no length
 * deviates, and the sigmoid is 1/2. Groups without a correct response have no advantage; in groups
 * without a wrong one length alone decides.
 *
 * <p>Left open by the paper, and as in the authors' code: the deviation is that of the lengths as a
 * whole population (over their number), plus 1e-7; a response that the length budget ended earns
 * nothing, whatever it has in its box, and its length is in neither mean nor deviation.
 *
 * <p>A deviation from the authors' code: the advantages are applied to clipped ratios, which
 * changes nothing at the sampling policy, and there is no penalty for leaving a reference policy.
 */
public final class RlooLp implements Objective {
  /** Tokens that the authors' code adds to the deviation, which may be zero. */
  private static final double FLOOR = 1e-7;

  private final ClippedRatio surrogate;
  private final double alpha;

  /**
   * Sets the penalty.
   *
   * @param clip eps, how far a ratio may leave 1
   * @param alpha the largest part of a correct response's reward that its length can take, below 1
   */
  public RlooLp(double clip, double alpha) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.alpha = alpha;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.leaveOneOut(rewards(group)));
  }

  private double[] rewards(Group group) {
    double[] lengths =
        group.responses().stream().filter(RlooLp::earns).mapToDouble(Response::length).toArray();
    if (lengths.length == 0) {
      return new double[group.size()];
    }
    double mean = Advantages.mean(lengths);
    double deviation = Advantages.populationDeviation(lengths) + FLOOR;
    return group.each(
        response -> {
          double relative = (response.length() - mean) / deviation;
          return earns(response) ? 1 - alpha / (1 + Math.exp(-relative)) : 0;
        });
  }

  private static boolean earns(Response response) {
    return response.correct() && !response.truncated();
  }

  /**
   * Its {@link Option options}: by default alpha 0.1, one of those that arXiv 2502.04463 compares.
   */
  public record Config(double clip, double rlooAlpha) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.1);

    public Config {
      Option.CLIP.require(clip);
      Option.RLOO_ALPHA.require(rlooAlpha);
    }

    @Override
    public String name() {
      return "rloo-lp";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new RlooLp(clip, rlooAlpha);
    }
  }
}
