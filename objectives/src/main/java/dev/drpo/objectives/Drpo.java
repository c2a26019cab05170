package dev.drpo.objectives;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Decoupled Reward Policy Optimization (arXiv 2510.04474, Eq. 7), with the trust region as a
 * squared hinge:
 *
 * <pre>
 *   J = 1/|Q| sum_q [ sum_{i in S+} w_i s_i - tau log( 1/|S-| sum_{j in S-} exp(s_j / tau) ) ]
 *       - beta/2 [KL - delta]_+^2
 *   w = softmax over S+ of r_l / lambda
 * </pre>
 *
 * where s is the mean token log-probability at the sampling temperature. The weights of the correct
 * responses sum to one whatever the wrong ones are: length never turns a correct response into a
 * bad one.
 *
 * <p>Groups without a correct or without a wrong response add nothing to the sum, but count in |Q|.
 * Those without a wrong one may be given a term, which is no part of the paper; see {@link
 * AllCorrect}. A response with a {@linkplain Response#tail tail}, which is no part of the paper
 * either, is pulled up without it: these tokens are left out of s, still over |o| tokens, wherever
 * the weight is above zero.
 *
 * <p>Deviations from the authors' code: the value is the true one (theirs has the same gradient but
 * a value of about one per negative term); the softmax subtracts its maximum, so that any lambda
 * above zero is stable; |Q| and the KL are over the mini-batch, not the micro-batch.
 */
public final class Drpo implements Objective {
  private final LengthWeights weights;
  private final Score score;
  private final double tau; // temperature of the log-sum-exp over wrong responses
  private final TrustRegion region;
  private final AllCorrect allCorrect;

  /** Sets the temperatures. */
  public Drpo(LengthWeights weights, double tau, TrustRegion region) {
    this(weights, tau, region, AllCorrect.NONE);
  }

  /** The same with a term of groups without a wrong response. */
  public Drpo(LengthWeights weights, double tau, TrustRegion region, AllCorrect allCorrect) {
    this(weights, Score.LOG_LIKELIHOOD, tau, region, allCorrect);
  }

  /** With another score, which is {@link Disco}'s choice. */
  Drpo(LengthWeights weights, Score score, double tau, TrustRegion region, AllCorrect allCorrect) {
    this.weights = weights;
    this.score = score;
    this.tau = tau;
    this.region = region;
    this.allCorrect = allCorrect;
  }

  /**
   * The paper's defaults: linear length reward, a fixed lambda and the estimator k1.
   *
   * @param lengthBudget C, tokens
   */
  public Drpo(int lengthBudget, double lambda, double tau, double delta, double beta) {
    this(
        new LengthWeights(LengthReward.LINEAR, lengthBudget, Temperature.fixed(lambda)),
        tau,
        new TrustRegion(delta, beta, Divergence.K1));
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    TrustRegion.Position position = region.of(groups);
    double sum = 0;
    double[][][] tokenWeights = new double[groups.size()][][];
    for (int q = 0; q < tokenWeights.length; q++) {
      Group group = groups.get(q);
      double[] byScore = new double[group.size()];
      if (group.mixed()) {
        sum += discriminate(group, byScore);
      } else if (allCorrect != AllCorrect.NONE && group.correct() > 0) {
        sum += shorten(group, byScore);
      }
      tokenWeights[q] = new double[group.size()][];
      for (int i = 0; i < byScore.length; i++) {
        Response response = group.responses().get(i);
        tokenWeights[q][i] = new double[response.length()];
        TokenSpan without = cut(response, byScore[i]);
        for (int t = 0; t < response.length(); t++) {
          double slope = without.contains(t) ? 0 : score.slope(response, t);
          tokenWeights[q][i][t] =
              byScore[i] / groups.size() * slope
                  - position.pull()
                      * response.importance(t)
                      * region.estimator().slope(response.logRatio(t));
        }
      }
    }
    double value = sum / groups.size() - position.penalty();
    return new Evaluation(value, tokenWeights, position.divergence());
  }

  /** What a response is not pulled up for: the tail behind its answer. */
  private static TokenSpan cut(Response response, double byScore) {
    return response.correct() && byScore > 0 ? response.tail() : TokenSpan.NONE;
  }

  /** One question's term; fills its derivative by each response's score. */
  private double discriminate(Group group, double[] byScore) {
    double[] scores = group.each(score::of);
    double[] wrong = new double[scores.length];
    for (int i = 0; i < wrong.length; i++) {
      boolean correct = group.responses().get(i).correct();
      wrong[i] = correct ? Double.NEGATIVE_INFINITY : scores[i] / tau;
    }
    double[] up = weights.of(group);
    double[] down = Softmax.of(wrong);
    double value = -tau * (Softmax.logSumExp(wrong) - Math.log(group.size() - group.correct()));
    for (int i = 0; i < scores.length; i++) {
      byScore[i] = up[i] - down[i];
      value += pulled(group.responses().get(i), up[i]);
    }
    return value;
  }

  /** The same of a question without a wrong response. */
  private double shorten(Group group, double[] byScore) {
    double[] up = allCorrect.byScore(weights.of(group));
    double value = 0;
    for (int i = 0; i < up.length; i++) {
      byScore[i] = up[i];
      value += pulled(group.responses().get(i), up[i]);
    }
    return value;
  }

  private double pulled(Response response, double byScore) {
    return byScore * score.of(response, cut(response, byScore));
  }

  @Override
  public Signal signal() {
    return allCorrect.signal();
  }

  /**
   * Its {@link Option options}: by default those of arXiv 2510.04474. lambda is either a number or
   * adapted to the question.
   */
  public record Config(
      double lambda,
      boolean adaptiveLambda,
      LengthReward lengthReward,
      double tau,
      double delta,
      double beta,
      Divergence kl,
      AllCorrect allCorrect,
      boolean cutAfterAnswer)
      implements ObjectiveConfig {
    private static final double LAMBDA = 0.1;

    public static final Config DEFAULT =
        new Config(
            LAMBDA,
            false,
            LengthReward.LINEAR,
            10,
            1e-4,
            1e3,
            Divergence.K1,
            AllCorrect.NONE,
            false);

    public Config {
      Option.LAMBDA.require(lambda);
      Option.LAMBDA.require(
          !adaptiveLambda || lambda == LAMBDA,
          lambda,
          Option.ADAPTIVE_LAMBDA.key() + " takes 1 - solve rate in its place; set one of the two");
      Option.ALL_CORRECT.require(
          allCorrect == AllCorrect.NONE || !adaptiveLambda,
          allCorrect.word(),
          "it weighs groups without a wrong response, where the lambda of "
              + Option.ADAPTIVE_LAMBDA.key()
              + " is 0; set a lambda, or leave it at none");
      Option.ALL_CORRECT.require(
          allCorrect != AllCorrect.CONTRAST || Double.isFinite(lambda),
          allCorrect.word(),
          "with the lambda Infinity all right responses weigh the same, so that there is nothing to"
              + " contrast; set a lower lambda, or leave it at none");
      Option.TAU.require(tau);
      Option.DELTA.require(delta);
      Option.BETA.require(beta);
    }

    /** The same with another lambda. */
    public Config withLambda(double other) {
      return new Config(
          other, adaptiveLambda, lengthReward, tau, delta, beta, kl, allCorrect, cutAfterAnswer);
    }

    /** The same with another way with groups without a wrong response. */
    public Config withAllCorrect(AllCorrect other) {
      return new Config(
          lambda, adaptiveLambda, lengthReward, tau, delta, beta, kl, other, cutAfterAnswer);
    }

    @Override
    public String name() {
      return "drpo";
    }

    @Override
    public Objective objective(int lengthBudget) {
      Temperature temperature = adaptiveLambda ? Temperature.adaptive() : Temperature.fixed(lambda);
      return new Drpo(
          new LengthWeights(lengthReward, lengthBudget, temperature),
          tau,
          new TrustRegion(delta, beta, kl),
          allCorrect);
    }

    @Override
    public OptionalDouble trustRegion() {
      return OptionalDouble.of(delta);
    }

    @Override
    public OptionalDouble lengthTemperature() {
      return adaptiveLambda ? OptionalDouble.empty() : OptionalDouble.of(lambda);
    }

    @Override
    public boolean cutsAfterAnswer() {
      return cutAfterAnswer;
    }

    @Override
    public boolean isGroupRelative() {
      return false;
    }
  }
}
