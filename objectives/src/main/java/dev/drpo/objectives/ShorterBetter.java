package dev.drpo.objectives;

import java.util.List;

/**
 * ShorterBetter (arXiv 2504.21370), which draws responses to the shortest correct one of their
 * group:
 *
 * <pre>
 *   r = alpha 1[correct] - beta | |o| - L* |,  otherwise as {@link Grpo}
 *   L* = the length of the shortest correct response, or the mean length if none is correct
 * </pre>
 *
 * over all responses, wrong ones included: a correct response that is longer than L* by alpha/beta
 * tokens earns what a wrong one of length L* does.
 *
 * <p>As in the authors' code, 1e-6 is added to the deviation. A deviation from it: there is no
 * penalty for leaving a reference policy.
 */
public final class ShorterBetter implements Objective {
  private final ClippedRatio surrogate;
  private final double alpha;
  private final double beta;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param alpha reward of a correct answer
   * @param beta reward that a token away from L* costs
   */
  public ShorterBetter(double clip, double alpha, double beta) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.alpha = alpha;
    this.beta = beta;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.floored(rewards(group)));
  }

  private double[] rewards(Group group) {
    double best =
        group.responses().stream()
            .filter(Response::correct)
            .mapToDouble(Response::length)
            .min()
            .orElseGet(() -> Advantages.mean(group.each(Response::length)));
    return group.each(
        response -> (response.correct() ? alpha : 0) - beta * Math.abs(response.length() - best));
  }

  /** Its {@link Option options}: by default those of arXiv 2504.21370. */
  public record Config(double clip, double shorterAlpha, double shorterBeta)
      implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 2, 1e-3);

    public Config {
      Option.CLIP.require(clip);
      Option.SHORTER_ALPHA.require(shorterAlpha);
      Option.SHORTER_BETA.require(shorterBeta);
    }

    @Override
    public String name() {
      return "shorter-better";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new ShorterBetter(clip, shorterAlpha, shorterBeta);
    }
  }
}
