package dev.drpo.benchmarks.device;

import java.util.List;

/**
 * How far two computations of the same tokens' log-probabilities are apart, in nats. The tokens
 * were drawn from the first.
 *
 * @param meanDifference mean of first minus second, the estimator k1 of the divergence KL(first ||
 *     second), which the trust region is measured with
 * @param meanDistance mean of the absolute difference
 * @param maxDistance the largest
 * @param divergence mean of the estimator k3 = r - 1 - ln r with r = second / first probability,
 *     which is never negative and has far less noise than k1 where the two are close (Schulman,
 *     "Approximating KL divergence", 2020)
 */
record Agreement(
    double meanDifference, double meanDistance, double maxDistance, double divergence) {
  /**
   * Compares.
   *
   * @param first log-probabilities under the policy that the tokens were drawn from
   * @param second those of the same tokens
   */
  static Agreement of(List<float[]> first, List<float[]> second) {
    double difference = 0;
    double distance = 0;
    double most = 0;
    double divergence = 0;
    long tokens = 0;
    for (int i = 0; i < first.size(); i++) {
      float[] ours = first.get(i);
      float[] theirs = second.get(i);
      if (ours.length != theirs.length) {
        throw new IllegalArgumentException(
            "%d and %d log-probabilities of the same tokens".formatted(ours.length, theirs.length));
      }
      for (int t = 0; t < ours.length; t++) {
        double logRatio = (double) theirs[t] - ours[t];
        difference -= logRatio;
        distance += Math.abs(logRatio);
        // Unlike a comparison, max keeps what is no number.
        most = Math.max(most, Math.abs(logRatio));
        divergence += Math.expm1(logRatio) - logRatio;
        tokens++;
      }
    }
    return new Agreement(difference / tokens, distance / tokens, most, divergence / tokens);
  }
}
