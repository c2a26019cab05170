package dev.drpo.reward.judge;

/** An answer's text without what surrounds it: spaces and the delimiters of math mode. */
final class AnswerText {
  /** White space to Unicode, but a separator of thousands to writers. */
  private static final char THIN_SPACE = '\u2009';

  /** Characters that show nothing, which copied text is full of. */
  private static final String ZERO_WIDTH = "\u200B\u200C\u200D\u2060\uFEFF\u200E\u200F\u00AD";

  private AnswerText() {}

  /**
   * The text between the outermost delimiters, each run of white space as one space, nothing
   * invisible.
   */
  static String normalised(String text) {
    int start = 0;
    int end = text.length();
    boolean peeled = true;
    while (peeled) {
      while (start < end && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
        end--;
      }
      int width = delimiterWidth(text, start, end);
      peeled = width > 0;
      start += width;
      end -= width;
    }
    return singleSpaced(text, start, end);
  }

  /** Characters of the opening delimiter, which is as long as its closing one; 0 for none. */
  private static int delimiterWidth(String text, int start, int end) {
    if (encloses(text, start, end, "$$", "$$")
        || encloses(text, start, end, "\\(", "\\)")
        || encloses(text, start, end, "\\[", "\\]")) {
      return 2;
    }
    return encloses(text, start, end, "$", "$") ? 1 : 0;
  }

  private static boolean encloses(String text, int start, int end, String open, String close) {
    return end - start >= open.length() + close.length()
        && text.startsWith(open, start)
        && text.startsWith(close, end - close.length())
        && !isEscaped(text, end - close.length(), start + open.length());
  }

  /** Whether a backslash that isn't itself escaped stands before {@code at}. */
  private static boolean isEscaped(String text, int at, int from) {
    int first = at;
    while (first > from && text.charAt(first - 1) == '\\') {
      first--;
    }
    return (at - first) % 2 == 1;
  }

  private static String singleSpaced(String text, int start, int end) {
    StringBuilder spaced = new StringBuilder(end - start);
    boolean space = false;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (ZERO_WIDTH.indexOf(c) >= 0) {
        continue;
      }
      boolean white = Character.isWhitespace(c) && c != THIN_SPACE;
      if (!white) {
        spaced.append(c);
      } else if (!space) {
        spaced.append(' ');
      }
      space = white;
    }
    return spaced.toString();
  }
}
