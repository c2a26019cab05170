package dev.drpo.objectives;

import java.util.List;

/**
 * GRPO with DRPO's length reward as a factor of its own, the plain way to ask for short answers,
 * whose failure DRPO removes (arXiv 2510.04474, its motivating example):
 *
 * <pre>
 *   r = 1[correct] (1 - w (1 - r_l(o))),  otherwise as {@link Grpo}
 * </pre>
 *
 * With the whole weight w = 1 it is the paper's reward 1[correct] r_l(o). A correct response whose
 * reward lies below the mean of its group, wrong ones included, has a negative advantage: valid
 * reasoning is pushed down because it is long.
 */
public final class GrpoLength implements Objective {
  private final ClippedRatio surrogate;
  private final LengthReward lengthReward;
  private final double weight;
  private final int lengthBudget;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param weight w, the part of the reward that length decides about
   * @param lengthBudget C, tokens
   */
  public GrpoLength(double clip, LengthReward lengthReward, double weight, int lengthBudget) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.lengthReward = lengthReward;
    this.weight = weight;
    this.lengthBudget = lengthBudget;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.standardised(group.each(this::reward)));
  }

  private double reward(Response response) {
    return response.correct()
        ? 1 - weight * (1 - lengthReward.of(response.length(), lengthBudget))
        : 0;
  }

  /** Its {@link Option options}: by default the linear length reward of arXiv 2510.04474. */
  public record Config(double clip, LengthReward lengthReward, double lengthWeight)
      implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, LengthReward.LINEAR, 1);

    public Config {
      Option.CLIP.require(clip);
      Option.LENGTH_WEIGHT.require(lengthWeight);
    }

    @Override
    public String name() {
      return "grpo-length";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new GrpoLength(clip, lengthReward, lengthWeight, lengthBudget);
    }
  }
}
