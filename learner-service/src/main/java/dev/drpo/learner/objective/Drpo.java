package dev.drpo.learner.objective;

import java.util.Arrays;
import java.util.List;

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
 * bad one. Lambda infinite gives DisCO (arXiv 2505.12366) with the log-likelihood score.
 *
 * <p>Groups without a correct or without a wrong response add nothing to the sum, but count in |Q|.
 *
 * <p>Deviations from the authors' code: the value is the true one (theirs has the same gradient but
 * a value of about one per negative term); the softmax subtracts its maximum, so that any lambda
 * above zero is stable; |Q| and the KL are over the mini-batch, not the micro-batch.
 */
public final class Drpo implements Objective {
  private final LengthReward lengthReward;
  private final double lambda; // temperature of the length reward, Eq. 5-6
  private final double tau; // temperature of the log-sum-exp over wrong responses
  private final double delta; // bound on KL(old || current)
  private final double beta; // weight of the hinge's gradient

  /**
   * Sets the temperatures.
   *
   * @param lengthBudget C, tokens
   */
  public Drpo(int lengthBudget, double lambda, double tau, double delta, double beta) {
    this.lengthReward = new LengthReward(lengthBudget);
    this.lambda = lambda;
    this.tau = tau;
    this.delta = delta;
    this.beta = beta;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    Divergence divergence = Divergence.of(groups);
    double excess = Math.max(0, divergence.value() - delta);
    // d KL / d log-probability is -1/tokens for every token, so the penalty pulls all of them up.
    double pull = beta * excess / divergence.tokens();

    double sum = 0;
    double[][][] weights = new double[groups.size()][][];
    for (int q = 0; q < groups.size(); q++) {
      Group group = groups.get(q);
      double[] byResponse = new double[group.responses().size()];
      if (group.mixed()) {
        sum += discriminate(group, byResponse);
      }
      weights[q] = new double[byResponse.length][];
      for (int i = 0; i < byResponse.length; i++) {
        int length = group.responses().get(i).length();
        weights[q][i] = new double[length];
        Arrays.fill(weights[q][i], byResponse[i] / groups.size() / length + pull);
      }
    }
    double value = sum / groups.size() - beta / 2 * excess * excess;
    return new Evaluation(value, weights, divergence.value());
  }

  /** One question's term; fills its derivative by each response's score. */
  private double discriminate(Group group, double[] byScore) {
    List<Response> responses = group.responses();
    double[] positive = new double[byScore.length];
    double[] negative = new double[byScore.length];
    for (int i = 0; i < byScore.length; i++) {
      Response response = responses.get(i);
      positive[i] =
          response.correct()
              ? lengthReward.of(response.length()) / lambda
              : Double.NEGATIVE_INFINITY;
      negative[i] = response.correct() ? Double.NEGATIVE_INFINITY : response.score() / tau;
    }
    double wrong = responses.size() - group.correct();
    double value = -tau * (Softmax.logSumExp(negative) - Math.log(wrong));
    double[] positiveWeights = Softmax.of(positive);
    double[] negativeWeights = Softmax.of(negative);
    for (int i = 0; i < byScore.length; i++) {
      byScore[i] = positiveWeights[i] - negativeWeights[i];
      if (responses.get(i).correct()) {
        value += positiveWeights[i] * responses.get(i).score();
      }
    }
    return value;
  }
}
