package dev.drpo.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * An answer's text without what shows nothing: spaces, delimiters of math mode, braces around the
 * whole, invisible characters.
 */
final class AnswerText {
  /** White space to Unicode, but a separator of thousands to writers. */
  private static final char THIN_SPACE = '\u2009';

  /** Characters that show nothing, which copied text is full of. */
  private static final String ZERO_WIDTH = "\u200B\u200C\u200D\u2060\uFEFF\u200E\u200F\u00AD";

  private static final String DISPLAY_STYLE = "\\displaystyle";

  /** More layers than anybody writes. */
  private static final int MAX_LAYERS = 8;

  private final String text;
  private int start;
  private int end;

  private AnswerText(String text) {
    this.text = text;
    this.end = text.length();
  }

  /** What shows of a text, each run of white space as one space. */
  static String normalised(String text) {
    AnswerText answer = new AnswerText(text);
    answer.strip();
    for (int layers = 0; layers < MAX_LAYERS && answer.peel(); layers++) {
      answer.strip();
    }
    return answer.singleSpaced();
  }

  /** A text of TeX without the spaces and the braces that TeX itself could do without. */
  static String compact(String normalised) {
    return normalised.replace(" ", "").replaceAll("\\{(.)\\}", "$1");
  }

  private void strip() {
    while (start < end && Character.isWhitespace(text.charAt(start))) {
      start++;
    }
    while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
  }

  /** Takes one layer off: whether there was one. */
  private boolean peel() {
    if (text.startsWith(DISPLAY_STYLE, start) && !startsLetter(start + DISPLAY_STYLE.length())) {
      start += DISPLAY_STYLE.length();
      return true;
    }
    int width = delimiterWidth(end);
    // A full stop or comma behind the delimiters belongs to the sentence around.
    if (width == 0 && end > start && ".,".indexOf(text.charAt(end - 1)) >= 0) {
      width = delimiterWidth(end - 1);
      end -= width > 0 ? 1 : 0;
    }
    start += width;
    end -= width;
    return width > 0;
  }

  private boolean startsLetter(int at) {
    return at < end && Character.isLetter(text.charAt(at));
  }

  /** Characters of the opening delimiter, which is as long as its closing one; 0 for none. */
  private int delimiterWidth(int to) {
    if (isMarked("**", to) || isMarked("__", to)) {
      return 2;
    }
    if (isMarked("`", to)) {
      return 1;
    }
    if (encloses("$$", "$$", to) || encloses("\\(", "\\)", to) || encloses("\\[", "\\]", to)) {
      return 2;
    }
    boolean math = encloses("$", "$", to) && dollars(start + 1, to - 1).isEmpty();
    return math || enclosesBraces(to) ? 1 : 0;
  }

  /** Whether a mark of Markdown stands at both ends and nowhere between. */
  private boolean isMarked(String mark, int to) {
    int width = mark.length();
    return encloses(mark, mark, to)
        && to - start > 2 * width
        && text.indexOf(mark, start + width) == to - width;
  }

  private boolean encloses(String open, String close, int to) {
    return to - start >= open.length() + close.length()
        && text.startsWith(open, start)
        && text.startsWith(close, to - close.length())
        && !isEscaped(to - close.length(), start + open.length());
  }

  private boolean enclosesBraces(int to) {
    if (to - start < 2 || text.charAt(start) != '{' || text.charAt(to - 1) != '}') {
      return false;
    }
    int depth = 0;
    for (int at = start; at < to; at++) {
      switch (text.charAt(at)) {
        case '\\' -> at++;
        case '{' -> depth++;
        case '}' -> {
          if (--depth == 0) {
            return at == to - 1;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  /** Whether a backslash that isn't itself escaped stands before {@code at}. */
  private boolean isEscaped(int at, int from) {
    int first = at;
    while (first > from && text.charAt(first - 1) == '\\') {
      first--;
    }
    return (at - first) % 2 == 1;
  }

  /** Where dollar signs stand that are not escaped. */
  private List<Integer> dollars(int from, int to) {
    List<Integer> found = new ArrayList<>();
    for (int at = text.indexOf('$', from); at >= 0 && at < to; at = text.indexOf('$', at + 1)) {
      if (!isEscaped(at, start)) {
        found.add(at);
      }
    }
    return found;
  }

  /** Dollar signs that enclose pieces of math among words, rather than stand for money. */
  private List<Integer> inlineDelimiters() {
    List<Integer> all = dollars(start, end);
    boolean pairs = all.size() % 2 == 0;
    for (int i = 1; i < all.size() && pairs; i += 2) {
      int behind = all.get(i) + 1;
      pairs = behind >= end || !Character.isDigit(text.charAt(behind));
    }
    return pairs ? all : List.of();
  }

  private String singleSpaced() {
    List<Integer> delimiters = inlineDelimiters();
    StringBuilder spaced = new StringBuilder(end - start);
    boolean space = false;
    int delimiter = 0;
    for (int at = start; at < end; at++) {
      char c = text.charAt(at);
      if (ZERO_WIDTH.indexOf(c) >= 0) {
        continue;
      }
      boolean delimits = delimiter < delimiters.size() && delimiters.get(delimiter) == at;
      delimiter += delimits ? 1 : 0;
      boolean white = delimits || (Character.isWhitespace(c) && c != THIN_SPACE);
      if (!white) {
        spaced.append(c);
      } else if (!space && !spaced.isEmpty()) {
        spaced.append(' ');
      }
      space = white;
    }
    return spaced.toString();
  }
}
