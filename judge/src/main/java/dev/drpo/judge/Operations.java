package dev.drpo.judge;

import java.util.regex.Pattern;

/**
 * How much of a value is left to be computed, by its text: {@code 2 + 3} has an operation, {@code
 * 5} has none.
 */
final class Operations {
  private static final Pattern OPERATION =
      Pattern.compile(
          "[-+*/^×÷·−]|\\\\(?:[dtc]?frac|cdot|times|div|sqrt|binom|log|ln|sin|cos|tan)\\b");

  private Operations() {}

  static long in(String text) {
    return OPERATION.matcher(text).results().count();
  }
}
