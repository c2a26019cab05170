package dev.drpo.objectives;

import java.util.List;

/**
 * Adaptive length penalty (ALP, arXiv 2506.05256), which asks for short responses the more, the
 * easier the question is:
 *
 * <pre>
 *   r = 1[correct] - beta |o| max(solve rate, 1/G),  otherwise as {@link Grpo}
 * </pre>
 *
 * over all responses, wrong ones included. As in the authors' runs, 1e-6 is added to the deviation.
 * In a group without contrast, where length alone decides, that is what beta counts by: lengths
 * whose costs differ by less than this have small advantages, and larger differences have those of
 * a mixed group.
 */
public final class Alp implements Objective {
  private final ClippedRatio surrogate;
  private final double beta;

  /**
   * Sets the penalty.
   *
   * @param clip how far a ratio may leave 1
   * @param beta reward that a token costs where every response is correct
   */
  public Alp(double clip, double beta) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.beta = beta;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.floored(rewards(group)));
  }

  private double[] rewards(Group group) {
    double perToken = beta * Math.max(group.solveRate(), 1.0 / group.size());
    return group.each(response -> (response.correct() ? 1 : 0) - perToken * response.length());
  }

  /** Its {@link Option options}: by default beta is that of arXiv 2506.05256. */
  public record Config(double clip, double alpBeta) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 1e-7);

    public Config {
      Option.CLIP.require(clip);
      Option.ALP_BETA.require(alpBeta);
    }

    @Override
    public String name() {
      return "alp";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Alp(clip, alpBeta);
    }
  }
}
