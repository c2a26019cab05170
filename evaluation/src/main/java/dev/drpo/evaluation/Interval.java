package dev.drpo.evaluation;

/** A 95% confidence interval of a proportion. */
public record Interval(double low, double high) {
  /** Two-sided 95% quantile of the standard normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * The score interval (Wilson, Journal of the American Statistical Association 22, 1927): all p
   * with |proportion - p| at most z sqrt(p (1 - p) / trials). It stays inside [0, 1], and has a
   * width even where every trial agrees.
   *
   * @param proportion measured share, in [0, 1]
   * @param trials independent trials behind it, above 0; may be fractional
   */
  public static Interval wilson(double proportion, double trials) {
    double z2 = Z * Z / trials;
    double center = (proportion + z2 / 2) / (1 + z2);
    double half =
        Z / (1 + z2) * Math.sqrt(proportion * (1 - proportion) / trials + z2 / (4 * trials));
    // At the ends the sums are exactly 0 or 1, but for rounding.
    return new Interval(
        proportion == 0 ? 0 : Math.max(0, center - half),
        proportion == 1 ? 1 : Math.min(1, center + half));
  }

  /** Whether a value lies in it, the ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
