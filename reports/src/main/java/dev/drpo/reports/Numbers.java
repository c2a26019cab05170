package dev.drpo.reports;

import java.util.Locale;

/**
 * How the report writes numbers: the same in every language, and a dash for what does not exist.
 */
final class Numbers {
  private static final String NONE = "–";

  private Numbers() {}

  /** A share as a percentage with one decimal. */
  static String percent(double share) {
    return Double.isNaN(share) ? NONE : String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** One decimal. */
  static String decimal(double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%.1f", value);
  }

  /** With a sign and two decimals. */
  static String signed(double value) {
    return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%+.2f", value);
  }

  /** Three significant digits, small and large ones in scientific notation. */
  static String significant(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size < 1e-3 || size >= 1e5) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = Math.clamp(2 - (int) Math.floor(Math.log10(size)), 0, 5);
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }

  /** With thousands set apart. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Seconds below two minutes, then minutes, then hours. */
  static String duration(double seconds) {
    if (Double.isNaN(seconds)) {
      return NONE;
    }
    long whole = Math.round(seconds);
    if (whole < 120) {
      return decimal(seconds) + " s";
    }
    if (whole < 7200) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return whole / 3600 + " h " + whole / 60 % 60 + " min";
  }
}
