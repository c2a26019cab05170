package dev.drpo.reward.judge;

import dev.drpo.reward.judge.limit.Limit;
import java.util.Locale;

/** What decided a verdict. The identifiers appear in records and metrics and never change. */
public enum Rule {
  /** Both sides are the same text once spaces and math delimiters are normalised. */
  IDENTICAL_TEXT,
  /** Both sides are the same number. */
  EQUAL_NUMBERS,
  /** The exact side rounds to the decimal side, which has enough significant digits. */
  ROUNDED_DECIMAL,
  /** A percentage against its value: {@code 5\%} and {@code 0.05}. */
  PERCENT_AS_VALUE,
  /** A percentage against its digits: {@code 5\%} and {@code 5}. */
  PERCENT_SIGN_OMITTED,
  /** An amount of money against the bare number: {@code \$5} and {@code 5}. */
  CURRENCY_OMITTED,

  DIFFERENT_NUMBERS,
  /** Money against a percentage, or a unit that the policy insists on is missing. */
  DIFFERENT_UNITS,
  /** A division by zero, which equals nothing; as a gold it is the caller's error. */
  UNDEFINED_VALUE,

  /** The policy requires {@code </think>}, and the response has none. */
  NO_THINK_END,
  /** The answer part has no complete box. */
  NO_BOX,
  /** The last box holds nothing. */
  EMPTY_BOX,

  EMPTY_GOLD,
  /** There is nothing to compare with. */
  NO_GOLD,

  UNPARSEABLE_GOLD,
  UNPARSEABLE_ANSWER,

  RESPONSE_SIZE_LIMIT,
  ANSWER_SIZE_LIMIT,
  NESTING_LIMIT,
  /** A number with more digits than the verifier is willing to compute with. */
  NUMBER_SIZE_LIMIT,
  STEP_LIMIT;

  private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

  static Rule of(Limit limit) {
    return switch (limit) {
      case RESPONSE_SIZE -> RESPONSE_SIZE_LIMIT;
      case ANSWER_SIZE -> ANSWER_SIZE_LIMIT;
      case NESTING -> NESTING_LIMIT;
      case NUMBER_SIZE -> NUMBER_SIZE_LIMIT;
      case STEPS -> STEP_LIMIT;
    };
  }

  /** The rule's name in records and metrics, such as {@code equal-numbers}. */
  public String id() {
    return id;
  }
}
