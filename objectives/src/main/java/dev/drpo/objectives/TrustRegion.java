package dev.drpo.objectives;

import java.util.List;

/**
 * KL(old || current) &lt;= delta as a penalty:
 *
 * <pre>
 *   penalty = beta/2 [KL - delta]_+^2,  its gradient = beta [KL - delta]_+ grad KL
 * </pre>
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
   * @param pull factor of a token's {@link Divergence#slope}, and of its importance, in the
   *     penalty's derivative
   */
  record Position(double divergence, double penalty, double pull) {}

  Position of(List<Group> groups) {
    double divergence = estimator.of(groups);
    double excess = Math.max(0, divergence - delta);
    return new Position(
        divergence,
        beta / 2 * excess * excess,
        beta * excess / Math.max(1, Divergence.countingTokens(groups)));
  }
}
