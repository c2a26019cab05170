package dev.drpo.objectives;

import java.util.List;

/**
 * Discriminative Constrained Optimization (arXiv 2505.12366), with the trust region as a squared
 * hinge:
 *
 * <pre>
 *   J = 1/|Q| sum_q [ 1/|S+| sum_{i in S+} s_i - tau log( 1/|S-| sum_{j in S-} exp(s_j / tau) ) ]
 *       - beta/2 [KL - delta]_+^2
 * </pre>
 *
 * with either of the paper's scores: the log-likelihood (tau 10) or the likelihood ratio (tau 1).
 * It is {@link Drpo} with lambda infinite, where length does not count, and treats groups without
 * contrast as that does.
 *
 * <p>Deviations from the authors' code are those of {@link Drpo}: they share it.
 */
public final class Disco implements Objective {
  /** Length has no part in uniform weights, so that its budget is of no matter. */
  private static final LengthWeights UNIFORM =
      new LengthWeights(LengthReward.LINEAR, 1, Temperature.fixed(Double.POSITIVE_INFINITY));

  private final Drpo uniform;

  /** Sets the score, and tau, the temperature of the log-sum-exp over wrong responses. */
  public Disco(Score score, double tau, TrustRegion region) {
    this.uniform = new Drpo(UNIFORM, score, tau, region);
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return uniform.evaluate(groups);
  }
}
