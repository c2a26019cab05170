package dev.drpo.evaluation;

/**
 * AES, the accuracy-efficiency score, by which the DRPO paper (arXiv 2510.04474) compares a policy
 * with the same method's run without a length term:
 *
 * <pre>
 *   AES = (L0 - L) / L0 + 3 (a - a0) / a0    where accuracy rose or stayed,
 *   AES = (L0 - L) / L0 - 10 (a0 - a) / a0   where it fell
 * </pre>
 *
 * Higher is better; 0 is the baseline itself.
 */
public final class EfficiencyScore {
  private static final double GAIN = 3;
  private static final double LOSS = 10;

  private EfficiencyScore() {}

  /**
   * Of a policy against a baseline.
   *
   * @param accuracy a, mean pass@1
   * @param length L, mean in tokens
   * @param baselineAccuracy a0
   * @param baselineLength L0
   * @return NaN if the baseline is never right or says nothing, so that nothing is relative to it
   */
  public static double of(
      double accuracy, double length, double baselineAccuracy, double baselineLength) {
    if (baselineAccuracy <= 0 || baselineLength <= 0) {
      return Double.NaN;
    }
    double gained = (accuracy - baselineAccuracy) / baselineAccuracy;
    double saved = (baselineLength - length) / baselineLength;
    return saved + (gained >= 0 ? GAIN : LOSS) * gained;
  }
}
