package dev.drpo.judge;

import java.util.Optional;

/** Answers that stand in no box: behind the hashes of GSM8K, or in the last formula. */
final class Formulas {
  private static final String HASHES = "####";
  private static final String[][] DELIMITERS = {
    {"$$", "$$"}, {"\\[", "\\]"}, {"\\(", "\\)"}, {"$", "$"}
  };

  private Formulas() {}

  /** The rest of the line behind the last hashes of a part of a text. */
  static Optional<String> behindHashes(String text, int start, int end) {
    int hashes = text.substring(start, end).lastIndexOf(HASHES);
    if (hashes < 0) {
      return Optional.empty();
    }
    int from = start + hashes + HASHES.length();
    int line = text.indexOf('\n', from);
    return Optional.of(text.substring(from, line < 0 || line > end ? end : line).strip());
  }

  /** The last formula of a part of a text, found in one scan. */
  static Optional<String> last(String text, int start, int end) {
    Optional<String> last = Optional.empty();
    boolean[] unclosed = new boolean[DELIMITERS.length];
    int at = start;
    while (at < end) {
      int pair = opening(text, at, end);
      int from = pair < 0 ? at : at + DELIMITERS[pair][0].length();
      if (pair < 0) {
        // An escaped character opens nothing.
        at += text.charAt(at) == '\\' ? 2 : 1;
      } else if (unclosed[pair]) {
        at = from;
      } else {
        String delimiter = DELIMITERS[pair][1];
        int close = text.indexOf(delimiter, from);
        // What closes nowhere from here on is not looked for again, so that one scan suffices.
        unclosed[pair] = close < 0 || close + delimiter.length() > end;
        if (unclosed[pair]) {
          at = from;
        } else {
          String formula = text.substring(from, close).strip();
          last = formula.isEmpty() ? last : Optional.of(formula);
          at = close + delimiter.length();
        }
      }
    }
    return last;
  }

  /** The index of the delimiters that open at a place; negative for none. */
  private static int opening(String text, int at, int end) {
    for (int pair = 0; pair < DELIMITERS.length; pair++) {
      String open = DELIMITERS[pair][0];
      if (at + open.length() <= end && text.startsWith(open, at)) {
        return pair;
      }
    }
    return -1;
  }
}
