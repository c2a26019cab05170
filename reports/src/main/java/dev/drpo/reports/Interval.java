package dev.drpo.reports;

/** A 95% confidence interval of a proportion; both ends are NaN where nothing was measured. */
public record Interval(double low, double high) {
  /** Two-sided 95% quantile of the standard normal distribution. */
  private static final double Z = 1.959963984540054;

  static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /**
   * The Wilson score interval, which stays inside [0, 1] and keeps a width even where every sample
   * agrees.
   *
   * @param proportion measured share, in [0, 1]
   * @param samples independent samples behind it; may be fractional
   */
  static Interval wilson(double proportion, double samples) {
    double z2 = Z * Z / samples;
    double center = (proportion + z2 / 2) / (1 + z2);
    double half =
        Z / (1 + z2) * Math.sqrt(proportion * (1 - proportion) / samples + z2 / (4 * samples));
    return new Interval(Math.max(0, center - half), Math.min(1, center + half));
  }
}
