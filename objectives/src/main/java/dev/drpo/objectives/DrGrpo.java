package dev.drpo.objectives;

import java.util.List;

/**
 * GRPO done right (Dr. GRPO, arXiv 2503.20783): as {@link Grpo}, without the deviation, which
 * favours easy and hard questions, and without 1/|o|, which favours long wrong responses:
 *
 * <pre>
 *   J = 1/N sum_i 1/C sum_t min( rho A_i, clip(rho, 1 - eps, 1 + eps) A_i )
 *   A_i = r_i - mean over the group
 * </pre>
 *
 * where N counts all responses of the mini-batch. The constant C, the length budget, is from the
 * paper's listing; its equation sums without it. It leaves every direction as it is, and the
 * gradient of a size that clipping by the global norm is made for.
 */
public final class DrGrpo implements Objective {
  private final ClippedRatio surrogate;

  /**
   * Sets the clip.
   *
   * @param clip eps, how far a ratio may leave 1
   * @param lengthBudget C, tokens
   */
  public DrGrpo(double clip, int lengthBudget) {
    this.surrogate = new ClippedRatio(clip, clip, Averaging.ofBudget(lengthBudget));
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.centred(group.each(Response::reward)));
  }

  /** The run's reward is taken as it is. */
  @Override
  public Signal signal() {
    return Signal.REWARD;
  }

  /** Its {@link Option options}: by default the clip that {@link Grpo} has too. */
  public record Config(double clip) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2);

    public Config {
      Option.CLIP.require(clip);
    }

    @Override
    public String name() {
      return "dr-grpo";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new DrGrpo(clip, lengthBudget);
    }

    @Override
    public boolean takesRealRewards() {
      return true;
    }
  }
}
