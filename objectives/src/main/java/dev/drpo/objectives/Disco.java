package dev.drpo.objectives;

import java.util.List;
import java.util.OptionalDouble;

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
    this.uniform = new Drpo(UNIFORM, score, tau, region, AllCorrect.NONE);
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return uniform.evaluate(groups);
  }

  /**
   * Its {@link Option options}: by default the log-likelihood as the score, and the temperatures of
   * arXiv 2505.12366, one for each score, since their scales differ.
   */
  public record Config(
      Score score, double tau, double ratioTau, double delta, double beta, Divergence kl)
      implements ObjectiveConfig {
    private static final double TAU = 10;
    private static final double RATIO_TAU = 1;

    public static final Config DEFAULT =
        new Config(Score.LOG_LIKELIHOOD, TAU, RATIO_TAU, 1e-4, 1e3, Divergence.K1);

    public Config {
      Option.TAU.require(tau);
      Option.RATIO_TAU.require(ratioTau);
      Option.DELTA.require(delta);
      Option.BETA.require(beta);
      Option.TAU.require(
          score == Score.LOG_LIKELIHOOD || tau == TAU,
          tau,
          "with the score likelihood-ratio it is ratio-tau that counts; set that one");
      Option.RATIO_TAU.require(
          score == Score.LIKELIHOOD_RATIO || ratioTau == RATIO_TAU,
          ratioTau,
          "it counts with the score likelihood-ratio only; set tau");
    }

    @Override
    public String name() {
      return "disco";
    }

    @Override
    public Objective objective(int lengthBudget) {
      double temperature =
          switch (score) {
            case LOG_LIKELIHOOD -> tau;
            case LIKELIHOOD_RATIO -> ratioTau;
          };
      return new Disco(score, temperature, new TrustRegion(delta, beta, kl));
    }

    @Override
    public OptionalDouble trustRegion() {
      return OptionalDouble.of(delta);
    }

    /** Infinite: right responses count the same, whatever their lengths. */
    @Override
    public OptionalDouble lengthTemperature() {
      return OptionalDouble.of(Double.POSITIVE_INFINITY);
    }

    @Override
    public boolean isGroupRelative() {
      return false;
    }
  }
}
