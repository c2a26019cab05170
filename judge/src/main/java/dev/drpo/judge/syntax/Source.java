package dev.drpo.judge.syntax;

import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in a text of TeX, character by character. */
final class Source {
  private static final int MAX_NAME = 20;
  private static final int MAX_LENGTH = 10;

  private static final Pattern LETTERS =
      Pattern.compile(" *(?:\\{ *([A-Z]{1,6}|[a-z]) *\\}|([A-Za-z]))");
  private static final Pattern DIGIT = Pattern.compile(" *(?:\\{ *([0-9]) *\\}|([0-9]))");
  private static final String UNIT = "(?:\\\\([ij])math|([ijk]))(?![A-Za-z]) *";
  private static final String BOLD = "\\\\(?:mathbf|boldsymbol|bm) *";
  private static final Pattern UNIT_VECTOR =
      Pattern.compile(
          " *(?:%1$s|\\{ *%1$s\\}|\\{ *%2$s%1$s\\}|%2$s\\{ *%1$s\\}|\\{ *%2$s\\{ *%1$s\\} *\\})"
              .formatted(UNIT, BOLD));

  private final String text;
  private int at;

  Source(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** The next character, full-width digits and letters as their plain ones. */
  char peek() {
    return narrow(text.charAt(at));
  }

  char take() {
    return text.charAt(at++);
  }

  boolean accept(String wanted) {
    boolean found = text.startsWith(wanted, at);
    if (found) {
      at += wanted.length();
    }
    return found;
  }

  /** Takes spaces and what is wanted behind them, or nothing. */
  boolean acceptBehindSpaces(String wanted) {
    int start = behindSpaces();
    boolean found = text.startsWith(wanted, start);
    if (found) {
      at = start + wanted.length();
    }
    return found;
  }

  String takeRun(IntPredicate wanted) {
    StringBuilder run = new StringBuilder();
    while (!atEnd() && wanted.test(peek())) {
      run.append(narrow(take()));
    }
    return run.toString();
  }

  /** Whether a group of a single character follows. */
  boolean startsSingleton() {
    return startsGroup() && text.startsWith("}", behindSpaces() + 2);
  }

  boolean startsGroup() {
    return text.startsWith("{", behindSpaces());
  }

  /** Takes the name in the braces that follow, or a single letter. */
  Optional<String> takeArgument() {
    int start = behindSpaces();
    if (start < text.length() && isLetter(text.charAt(start))) {
      at = start + 1;
      return Optional.of(text.substring(start, at));
    }
    int end = text.indexOf('}', start);
    if (!startsGroup() || end < 0 || end - start > MAX_NAME) {
      return Optional.empty();
    }
    at = end + 1;
    return Optional.of(text.substring(start + 1, end).strip());
  }

  /** Whether the next thing, in braces or not, is a digit. */
  boolean startsDigit() {
    int start = behindSpaces();
    int first = start < text.length() && text.charAt(start) == '{' ? start + 1 : start;
    return first < text.length() && isDigit(text.charAt(first)) && !startsExpression();
  }

  /** Whether a group follows that holds more than digits and letters. */
  boolean startsExpression() {
    int start = behindSpaces();
    int end = text.indexOf('}', start);
    return startsGroup()
        && end > 0
        && !text.substring(start + 1, end).matches("[0-9 ]*|[A-Za-z ]*");
  }

  /** Takes a single digit, in braces or not. */
  Optional<String> takeDigit() {
    Matcher matcher = DIGIT.matcher(text).region(at, text.length());
    return matcher.lookingAt() ? taken(matcher) : Optional.empty();
  }

  /** Takes a letter, or a group of capital letters or of a single one. */
  Optional<String> takeLetters() {
    Matcher matcher = LETTERS.matcher(text).region(at, text.length());
    return matcher.lookingAt() ? taken(matcher) : Optional.empty();
  }

  boolean startsUnitVector() {
    return UNIT_VECTOR.matcher(text).region(at, text.length()).lookingAt();
  }

  /** Takes an argument that is i, j or k, bold or without its dot. */
  Optional<String> takeUnitVector() {
    Matcher matcher = UNIT_VECTOR.matcher(text).region(at, text.length());
    return matcher.lookingAt() ? taken(matcher) : Optional.empty();
  }

  private Optional<String> taken(Matcher matcher) {
    at = matcher.end();
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        return Optional.of(matcher.group(group));
      }
    }
    return Optional.empty();
  }

  /** Leaves out a group without groups in it, or a single character. */
  void skipArgument() {
    int start = behindSpaces();
    int close = text.indexOf('}', start);
    boolean group = startsGroup() && close >= 0;
    at = group ? close + 1 : Math.min(start + 1, text.length());
  }

  /** Leaves out a length such as {@code [4pt]}, if one follows. */
  void skipLength() {
    int close = text.indexOf(']', at);
    if (text.startsWith("[", at)
        && close > at
        && close - at <= MAX_LENGTH
        && text.substring(at + 1, close).matches("-?[0-9.]+ ?(pt|em|ex|mm|cm|in|px)")) {
      at = close + 1;
    }
  }

  private int behindSpaces() {
    int next = at;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    return next;
  }

  private static char narrow(char c) {
    boolean wide = (c >= '０' && c <= '９') || (c >= 'Ａ' && c <= 'Ｚ') || (c >= 'ａ' && c <= 'ｚ');
    return wide ? (char) (c - '０' + '0') : c;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Letters of words in Latin script, with their marks, and the micro sign of units. */
  static boolean isWordLetter(int c) {
    return isLetter(c) || c == 'µ' || (c >= 'À' && c <= 'ɏ' && c != '×' && c != '÷');
  }

  static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
