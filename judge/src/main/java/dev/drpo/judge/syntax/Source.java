package dev.drpo.judge.syntax;

import java.util.Optional;
import java.util.function.IntPredicate;

/** A place in a text of TeX, character by character. */
final class Source {
  private static final int MAX_NAME = 20;
  private static final int MAX_LENGTH = 10;

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

  static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
