package dev.drpo.objectives;

import java.util.List;

/**
 * Length-based step reward shaping (LASER, arXiv 2505.15612), with one target for all questions:
 *
 * <pre>
 *   r = 1[correct] (1 + alpha 1[|o| &lt;= L]),  otherwise as {@link Grpo}
 * </pre>
 *
 * A correct response never earns less than a wrong one. Its dynamic variants, which set L by the
 * question's difficulty over the run, are not offered.
 *
 * <p>As in the authors' code, 1e-6 is added to the deviation. A deviation from it: a response that
 * has no answer at all is as wrong as any other, and there is no penalty for leaving a reference
 * policy.
 */
public final class Laser implements Objective {
  private final ClippedRatio surrogate;
  private final double bonus;
  private final double target;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param bonus alpha, what a correct response earns besides if it keeps to the target
   * @param target L, tokens
   */
  public Laser(double clip, double bonus, double target) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.bonus = bonus;
    this.target = target;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.floored(group.each(this::reward)));
  }

  private double reward(Response response) {
    if (!response.correct()) {
      return 0;
    }
    return response.length() <= target ? 1 + bonus : 1;
  }

  /**
   * Its {@link Option options}: by default alpha is that of arXiv 2505.15612, and the target half
   * of the budget.
   */
  public record Config(double clip, double lengthTarget, double laserBonus)
      implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.5, 0.5);

    public Config {
      Option.CLIP.require(clip);
      Option.LENGTH_TARGET.require(lengthTarget);
      Option.LASER_BONUS.require(laserBonus);
    }

    @Override
    public String name() {
      return "laser";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Laser(clip, laserBonus, lengthTarget * lengthBudget);
    }
  }
}
