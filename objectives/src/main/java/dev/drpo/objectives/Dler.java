package dev.drpo.objectives;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Doing length penalty right (DLER, arXiv 2510.15110), the plainest penalty, truncation, under an
 * optimiser that bears it:
 *
 * <pre>
 *   J = 1/sum_i |o_i| sum_i sum_t min( rho A_i, clip(rho, 1 - low, 1 + high) A_i )
 *   A_i = (a_i - mean of a) / sqrt(variance of a + 1e-8) + boost r_i
 *   a_i = r_i - mean of r over the group
 *   r = 1[correct and |o| &lt;= L]
 * </pre>
 *
 * with mean and variance of a over the tokens of the mini-batch (over their number less one), so
 * that a long response counts more in them. Groups without contrast in r are outside of all sums
 * and divisors; sampling others in their place is the run's business.
 *
 * <p>The boost is from the authors' runs. They stop sampling at L, so that whatever is longer has
 * no answer; here a response may go on, and is judged as if it had been cut off. Deviations from
 * them: mean and variance are over the mini-batch, not the step; there is no penalty for leaving a
 * reference policy.
 */
public final class Dler implements Objective {
  /** What the authors' code adds to a variance. */
  private static final double FLOOR = 1e-8;

  private final double low;
  private final double high;
  private final double target;
  private final double boost;

  /**
   * Sets the clip and the reward.
   *
   * @param low how far a ratio may fall below 1
   * @param high how far it may rise above
   * @param target L, tokens
   * @param boost what a rewarded response's advantage is raised by
   */
  public Dler(double low, double high, double target, double boost) {
    this.low = low;
    this.high = high;
    this.target = target;
    this.boost = boost;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    List<Group> admitted = groups.stream().filter(this::admits).toList();
    Whitening whitening = whitening(admitted);
    return new ClippedRatio(low, high, _ -> Averaging.ofTokens().over(admitted))
        .evaluate(
            groups,
            group -> admits(group) ? advantages(group, whitening) : new double[group.size()]);
  }

  /** Rewarded responses beside others, which are wrong or too long. */
  @Override
  public Signal signal() {
    return Signal.correctWithin(target);
  }

  private boolean admits(Group group) {
    return signal().in(group.responses());
  }

  private double[] advantages(Group group, Whitening whitening) {
    double[] rewards = rewards(group);
    double[] advantages = Advantages.centred(rewards);
    for (int i = 0; i < advantages.length; i++) {
      advantages[i] =
          (advantages[i] - whitening.mean()) / whitening.deviation() + boost * rewards[i];
    }
    return advantages;
  }

  private double[] rewards(Group group) {
    return group.each(response -> response.correct() && response.length() <= target ? 1 : 0);
  }

  private record Whitening(double mean, double deviation) {}

  /** By the tokens of groups; of no use where there is none. */
  private Whitening whitening(List<Group> groups) {
    double tokens = Divergence.tokens(groups);
    double mean = sum(groups, centred -> centred) / tokens;
    double squares = sum(groups, centred -> (centred - mean) * (centred - mean));
    return new Whitening(mean, Math.sqrt(squares / (tokens - 1) + FLOOR));
  }

  /** Over tokens, of a function of their response's centred reward. */
  private double sum(List<Group> groups, DoubleUnaryOperator ofCentred) {
    double sum = 0;
    for (Group group : groups) {
      double[] centred = Advantages.centred(rewards(group));
      for (int i = 0; i < centred.length; i++) {
        sum += group.responses().get(i).length() * ofCentred.applyAsDouble(centred[i]);
      }
    }
    return sum;
  }

  /**
   * Its {@link Option options}: by default those of arXiv 2510.15110 and its authors' runs, and
   * half of the budget as the target.
   */
  public record Config(double clip, double clipHigh, double lengthTarget, double dlerBoost)
      implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.28, 0.5, 0.1);

    public Config {
      Option.CLIP.require(clip);
      Option.CLIP_HIGH.require(clipHigh);
      Option.LENGTH_TARGET.require(lengthTarget);
      Option.DLER_BOOST.require(dlerBoost);
    }

    @Override
    public String name() {
      return "dler";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Dler(clip, clipHigh, lengthTarget * lengthBudget, dlerBoost);
    }
  }
}
