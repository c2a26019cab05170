package dev.drpo.objectives;

import java.util.List;

/**
 * GRPO with DRPO's length reward as a factor of its own, the plain way to ask for short answers,
 * whose failure DRPO removes (arXiv 2510.04474, its motivating example):
 *
 * <pre>
 *   r = 1[correct] r_l(o),  otherwise as {@link Grpo}
 * </pre>
 *
 * A correct response whose reward lies below the mean of its group, wrong ones included, has a
 * negative advantage: valid reasoning is pushed down because it is long.
 */
public final class GrpoLength implements Objective {
  private final ClippedRatio surrogate;
  private final LengthReward lengthReward;
  private final int lengthBudget;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param lengthBudget C, tokens
   */
  public GrpoLength(double clip, LengthReward lengthReward, int lengthBudget) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.lengthReward = lengthReward;
    this.lengthBudget = lengthBudget;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.standardised(group.each(this::reward)));
  }

  private double reward(Response response) {
    return response.correct() ? lengthReward.of(response.length(), lengthBudget) : 0;
  }

  /** Its {@link Option options}: by default the linear length reward of arXiv 2510.04474. */
  public record Config(double clip, LengthReward lengthReward) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, LengthReward.LINEAR);

    public Config {
      Option.CLIP.require(clip);
    }

    @Override
    public String name() {
      return "grpo-length";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new GrpoLength(clip, lengthReward, lengthBudget);
    }
  }
}
