package dev.drpo.objectives;

import java.util.List;

/**
 * Group Relative Policy Optimization (arXiv 2402.03300, Eq. 3) with a real-valued reward r, which
 * is 1 for a right answer and 0 else where nothing but the answer is rewarded:
 *
 * <pre>
 *   J = 1/N sum_i 1/|o_i| sum_t min( rho A_i, clip(rho, 1 - eps, 1 + eps) A_i )
 *   A_i = (r_i - mean) / deviation over the group,  rho = current / old probability of the token
 * </pre>
 *
 * where N counts all responses of the mini-batch. A group whose rewards are all equal has no
 * advantage, but its responses count in N.
 *
 * <p>The paper leaves the deviation open; it is the sample's here (over n - 1), as in the DRPO
 * paper's example and in common implementations, of which some also add a small constant to it.
 * There is no penalty for leaving a reference policy, as in the DRPO authors' runs.
 */
public final class Grpo implements Objective {
  private final ClippedRatio surrogate;

  /**
   * Sets the clip.
   *
   * @param clip eps, how far a ratio may leave 1 before it earns nothing more
   */
  public Grpo(double clip) {
    this.surrogate = ClippedRatio.byResponse(clip);
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(
        groups, group -> Advantages.standardised(group.each(Response::reward)));
  }

  /** The run's reward is taken as it is. */
  @Override
  public Signal signal() {
    return Signal.REWARD;
  }

  /** Its {@link Option options}: by default the common clip, that of arXiv 1707.06347. */
  public record Config(double clip) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2);

    public Config {
      Option.CLIP.require(clip);
    }

    @Override
    public String name() {
      return "grpo";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Grpo(clip);
    }

    @Override
    public boolean takesRealRewards() {
      return true;
    }
  }
}
