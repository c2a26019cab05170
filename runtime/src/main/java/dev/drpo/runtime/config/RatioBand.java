package dev.drpo.runtime.config;

import java.util.Optional;

/**
 * Probability ratios, learner to sampler, that an update counts; written {@code LOW..HIGH}.
 *
 * @param low the smallest of them
 * @param high the largest of them
 */
public record RatioBand(double low, double high) {
  /** Of all ratios. */
  public static final RatioBand NONE = new RatioBand(0, Double.POSITIVE_INFINITY);

  private static final String WORD = "none";
  private static final String BETWEEN = "..";

  /** What a key has to be. */
  static final String BOUNDS =
      "none, or LOW..HIGH with LOW between 0 and 1, and HIGH 1 or more, such as 0.5..5";

  /**
   * Reads a key's value; nothing where it is no band that holds 1, the ratio of what sampler and
   * learner agree on.
   */
  static Optional<RatioBand> parse(String text) {
    if (text.equals(WORD)) {
      return Optional.of(NONE);
    }
    int between = text.indexOf(BETWEEN);
    if (between < 0) {
      return Optional.empty();
    }
    try {
      double low = Double.parseDouble(text.substring(0, between));
      double high = Double.parseDouble(text.substring(between + BETWEEN.length()));
      return low >= 0 && low <= 1 && high >= 1
          ? Optional.of(new RatioBand(low, high))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether a ratio lies in it. What is no number does: it is not for its size to be left out. */
  public boolean contains(double ratio) {
    return !(ratio < low || ratio > high);
  }
}
