package dev.drpo.objectives;

import java.util.List;

/**
 * L1-Max (arXiv 2503.04697, Eq. 2), which rewards correct responses that stay within a number of
 * tokens, softly:
 *
 * <pre>
 *   r = 1[correct] clamp( alpha (n - |o|) + 0.5, 0, 1 ),  otherwise as {@link Grpo}
 * </pre>
 *
 * The authors draw n anew for each prompt and write it there; here it is one number for the run,
 * and the prompt says nothing of it.
 */
public final class L1Max implements Objective {
  /** Reward of a correct response of exactly n tokens: above that of a wrong one. */
  private static final double AT_TARGET = 0.5;

  private final ClippedRatio surrogate;
  private final double alpha;
  private final double target;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param alpha reward per token below the target
   * @param target n, tokens
   */
  public L1Max(double clip, double alpha, double target) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.alpha = alpha;
    this.target = target;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.standardised(group.each(this::reward)));
  }

  private double reward(Response response) {
    return response.correct()
        ? Math.clamp(alpha * (target - response.length()) + AT_TARGET, 0, 1)
        : 0;
  }

  /**
   * Its {@link Option options}: by default alpha is that of arXiv 2503.04697, and the target the
   * whole budget.
   */
  public record Config(double clip, double l1Alpha, double l1Target) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 3e-4, 1);

    public Config {
      Option.CLIP.require(clip);
      Option.L1_ALPHA.require(l1Alpha);
      Option.L1_TARGET.require(l1Target);
    }

    @Override
    public String name() {
      return "l1-max";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new L1Max(clip, l1Alpha, l1Target * lengthBudget);
    }
  }
}
