package dev.drpo.judge.verdict;

import dev.drpo.judge.limit.Limit;
import java.util.Locale;

/** What decided a verdict. The identifiers appear in records and metrics and never change. */
public enum Rule {
  /** Both sides are the same text once spaces and math delimiters are normalised. */
  IDENTICAL_TEXT,
  /** Both sides are the same rational number. */
  EQUAL_NUMBERS,
  /** Both sides are the same value or function, though written in other ways. */
  EQUAL_EXPRESSIONS,
  /** The exact side rounds to the decimal side, which has enough significant digits. */
  ROUNDED_DECIMAL,
  /** A percentage against its value: {@code 5\%} and {@code 0.05}. */
  PERCENT_AS_VALUE,
  /** A percentage against its digits: {@code 5\%} and {@code 5}. */
  PERCENT_SIGN_OMITTED,
  /** An amount of money against the bare number: {@code \$5} and {@code 5}. */
  CURRENCY_OMITTED,
  /** A quantity against the bare number: {@code 5 cm} and {@code 5}. */
  UNIT_OMITTED,
  /** The same quantity in two units: {@code 100 cm} and {@code 1 m}. */
  CONVERTED_UNITS,
  /** The same digits in the same base. */
  EQUAL_NUMERALS,
  /** A numeral against its digits without the base. */
  BASE_OMITTED,
  EQUAL_RATIOS,
  /** A value against an equation that gives it a name: {@code 5} and {@code x=5}. */
  ASSIGNMENT,
  EQUAL_TUPLES,
  /** Lists or sets with the same elements. */
  EQUAL_LISTS,
  /** The same set of real numbers. */
  EQUAL_SETS,
  EQUAL_MATRICES,
  /** Equations that differ by a non-zero factor. */
  EQUAL_EQUATIONS,
  EQUAL_INEQUALITIES,
  /** Functions with the same pieces. */
  EQUAL_PIECES,
  EQUAL_WORDS,
  EQUAL_CHOICES,
  /** One of several alternatives is right, and the convention lets that suffice. */
  ONE_OF_ALTERNATIVES,

  DIFFERENT_NUMBERS,
  DIFFERENT_EXPRESSIONS,
  /** Units that don't convert, or a unit that the convention insists on is missing. */
  DIFFERENT_UNITS,
  DIFFERENT_BASES,
  DIFFERENT_RATIOS,
  /** For example a tuple against a number. */
  DIFFERENT_KINDS,
  DIFFERENT_BRACKETS,
  DIFFERENT_LENGTHS,
  DIFFERENT_ELEMENTS,
  DIFFERENT_SETS,
  DIFFERENT_EQUATIONS,
  DIFFERENT_INEQUALITIES,
  DIFFERENT_PIECES,
  DIFFERENT_WORDS,
  DIFFERENT_CHOICES,
  /** The convention insists on lowest terms. */
  UNREDUCED_FRACTION,
  /** Such as a division by zero, which equals nothing; as a gold it is the caller's error. */
  UNDEFINED_VALUE,

  /** The convention requires {@code </think>}, and the response has none. */
  NO_THINK_END,
  /** The answer part has no complete box. */
  NO_BOX,
  /**
   * A backspace stands where the backslash of a box should: the caller's string literal or JSON
   * needs {@code \\boxed}.
   */
  MANGLED_BOX,
  /** The box that counts holds nothing. */
  EMPTY_BOX,
  /** The convention wants one answer, and several boxes differ. */
  SEVERAL_BOXES,

  EMPTY_GOLD,
  /** There is nothing to compare with. */
  NO_GOLD,

  UNPARSEABLE_GOLD,
  UNPARSEABLE_ANSWER,

  /** Neither equality nor difference could be shown with the precision allowed. */
  UNDECIDED,
  RESPONSE_SIZE_LIMIT,
  ANSWER_SIZE_LIMIT,
  NESTING_LIMIT,
  /** A number with more digits than the verifier is willing to compute with. */
  NUMBER_SIZE_LIMIT,
  STEP_LIMIT;

  private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

  public static Rule of(Limit limit) {
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
