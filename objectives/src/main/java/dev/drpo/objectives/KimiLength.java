package dev.drpo.objectives;

import java.util.Arrays;
import java.util.List;

/**
 * The length reward of Kimi k1.5 (arXiv 2501.12599, its section on the length penalty):
 *
 * <pre>
 *   r = 1[correct] + w (c if correct, else min(c, 0)),  otherwise as {@link Grpo}
 *   c = 1/2 - (|o| - shortest) / (longest - shortest)
 * </pre>
 *
 * with shortest and longest over all responses of the group; where they agree, c is 0. The longest
 * response loses as much as the shortest one gains, however little they differ.
 *
 * <p>The paper leaves w open: it is that of the comparison in arXiv 2505.15612. Its report learns
 * by mirror descent and warms the length reward up; here the advantages are those of the
 * group-relative objectives, with 1e-6 added to the deviation, as in that comparison's code, and
 * the reward is the same from the first step on.
 */
public final class KimiLength implements Objective {
  private final ClippedRatio surrogate;
  private final double weight;

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param weight w, of the length term
   */
  public KimiLength(double clip, double weight) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.weight = weight;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.floored(rewards(group)));
  }

  private double[] rewards(Group group) {
    double[] lengths = group.each(Response::length);
    double shortest = Arrays.stream(lengths).min().orElseThrow();
    double range = Arrays.stream(lengths).max().orElseThrow() - shortest;
    return group.each(
        response -> {
          double term = range == 0 ? 0 : 0.5 - (response.length() - shortest) / range;
          return response.correct() ? 1 + weight * term : weight * Math.min(term, 0);
        });
  }

  /** Its {@link Option options}: by default w is that of the comparison in arXiv 2505.15612. */
  public record Config(double clip, double kimiWeight) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 0.4);

    public Config {
      Option.CLIP.require(clip);
      Option.KIMI_WEIGHT.require(kimiWeight);
    }

    @Override
    public String name() {
      return "kimi-length";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new KimiLength(clip, kimiWeight);
    }
  }
}
