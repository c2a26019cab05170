package dev.drpo.learner.objective;

import java.util.List;

/**
 * KL(old || current) &lt;= delta as a penalty, beta/2 [KL - delta]_+^2, whose gradient is beta [KL
 * - delta]_+ times that of the KL.
 *
 * @param delta bound on the divergence, nats
 * @param beta weight of the hinge's gradient
 * @param estimator how the divergence is estimated
 */
public record TrustRegion(double delta, double beta, Divergence estimator) {
  /**
   * The region as a mini-batch sees it.
   *
   * @param divergence its estimate
   * @param penalty what leaving the region costs; zero inside
   * @param pull what the penalty's derivative by a token's log-probability is per slope of its term
   */
  record Position(double divergence, double penalty, double pull) {}

  Position of(List<Group> groups) {
    double divergence = estimator.of(groups);
    double excess = Math.max(0, divergence - delta);
    return new Position(
        divergence, beta / 2 * excess * excess, beta * excess / Divergence.tokens(groups));
  }
}
