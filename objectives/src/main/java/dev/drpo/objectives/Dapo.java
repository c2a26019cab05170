package dev.drpo.objectives;

import java.util.List;

/**
 * Decoupled clip and dynamic sampling policy optimization (DAPO, arXiv 2503.14476, Eq. 8-9, 13):
 *
 * <pre>
 *   J = 1/sum_i |o_i| sum_i sum_t min( rho A_i, clip(rho, 1 - low, 1 + high) A_i )
 *   A_i = (r_i - mean) / deviation over the group
 *   r = (1 if correct, else -1) + ramp,  ramp = -clamp( (|o| - (1 - f) C) / (f C), 0, 1 )
 * </pre>
 *
 * The ramp punishes the last part f of the length budget C. The constraint of Eq. 8 admits groups
 * with correct and wrong responses only: the others are outside of the sums, and outside of the
 * divisor. Sampling more groups in their place is the run's business.
 *
 * <p>The mean is over the mini-batch's tokens, as in the authors' code; Eq. 8 writes it for one
 * question, inside an expectation.
 */
public final class Dapo implements Objective {
  private final ClippedRatio surrogate;
  private final double rampStart; // tokens
  private final double rampLength; // tokens

  /**
   * Sets the clip and the ramp.
   *
   * @param low how far a ratio may fall below 1
   * @param high how far it may rise above
   * @param ramp f, the part of the length budget over which the punishment grows to 1
   * @param lengthBudget C, tokens
   */
  public Dapo(double low, double high, double ramp, int lengthBudget) {
    this.surrogate = new ClippedRatio(low, high, admitted(Averaging.ofTokens()));
    this.rampStart = (1 - ramp) * lengthBudget;
    this.rampLength = ramp * lengthBudget;
  }

  private static Averaging admitted(Averaging averaging) {
    return groups -> averaging.over(groups.stream().filter(Group::mixed).toList());
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, this::advantages);
  }

  private double[] advantages(Group group) {
    return group.mixed()
        ? Advantages.standardised(group.each(this::reward))
        : new double[group.size()];
  }

  private double reward(Response response) {
    double overlong = Math.clamp((response.length() - rampStart) / rampLength, 0, 1);
    return (response.correct() ? 1 : -1) - overlong;
  }

  /** Its {@link Option options}: by default those of arXiv 2503.14476. */
  public record Config(double clip, double clipHigh, double overlongRamp)
      implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.28, 0.2);

    public Config {
      Option.CLIP.require(clip);
      Option.CLIP_HIGH.require(clipHigh);
      Option.OVERLONG_RAMP.require(overlongRamp);
    }

    @Override
    public String name() {
      return "dapo";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Dapo(clip, clipHigh, overlongRamp, lengthBudget);
    }
  }
}
