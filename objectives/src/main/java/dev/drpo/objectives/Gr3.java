package dev.drpo.objectives;

import java.util.List;

/**
 * Group relative reward rescaling (GR3, arXiv 2603.10535), which divides a reward by what length
 * costs, measured by the group's own mean:
 *
 * <pre>
 *   r = 1[correct] / (1 + alpha |o| / mean of |o| over the group),  otherwise as {@link Grpo}
 * </pre>
 *
 * with the mean over all responses, wrong ones included. A correct response always earns more than
 * a wrong one, but a long one may earn less than the group's mean. In a group without a wrong
 * response length alone decides.
 *
 * <p>The authors' code was not at hand: 1e-6 is added to the deviation, as verl does.
 */
public final class Gr3 implements Objective {
  private final ClippedRatio surrogate;
  private final double alpha;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param alpha how strongly length counts
   */
  public Gr3(double clip, double alpha) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.alpha = alpha;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.floored(rewards(group)));
  }

  private double[] rewards(Group group) {
    double mean = Advantages.mean(group.each(Response::length));
    return group.each(
        response -> response.correct() ? 1 / (1 + alpha * (response.length() / mean)) : 0);
  }

  /** Its {@link Option options}: by default alpha is that of arXiv 2603.10535. */
  public record Config(double clip, double gr3Alpha) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.33);

    public Config {
      Option.CLIP.require(clip);
      Option.GR3_ALPHA.require(gr3Alpha);
    }

    @Override
    public String name() {
      return "gr3";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Gr3(clip, gr3Alpha);
    }
  }
}
