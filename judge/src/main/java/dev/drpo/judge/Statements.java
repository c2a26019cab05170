package dev.drpo.judge;

import java.util.ArrayList;
import java.util.List;

/**
 * The results that a text states: what stands behind the last {@code =} of a statement, or fills a
 * line by itself. A statement ends with its line, with a semicolon, a full stop before white space,
 * a line of TeX or a delimiter of math mode. A value that is only mentioned states nothing.
 */
final class Statements {
  /** Longer texts are no values that anybody writes down as a result. */
  private static final int LONGEST = 200;

  /** Keeps the work on a text without sense bounded. */
  private static final int MOST = 2000;

  private final String text;
  private final int end;
  private final List<Result> results = new ArrayList<>();
  private int line;
  private boolean lineHasEquation;
  private int equals = -1;

  /**
   * A result.
   *
   * @param value its text
   * @param behind index behind the statement, whatever ends it included
   */
  record Result(String value, int behind) {}

  private Statements(String text, int end) {
    this.text = text;
    this.end = end;
  }

  /** The results of a text up to an index, in order; of very many, the first. */
  static List<Result> in(String text, int end) {
    Statements statements = new Statements(text, end);
    statements.scan();
    return statements.results;
  }

  private void scan() {
    int at = 0;
    while (at < end && results.size() < MOST) {
      int width = terminatorWidth(at);
      if (width > 0) {
        endStatement(at, at + width);
        if (text.charAt(at) == '\n') {
          endLine(at, at + width);
        }
        at += width;
      } else if (text.charAt(at) == '\\') {
        // An escaped character ends nothing.
        at += 2;
      } else {
        if (text.charAt(at) == '=') {
          lineHasEquation = true;
          equals = isComparison(at) ? -1 : at;
        }
        at++;
      }
    }
    endStatement(end, end);
    endLine(end, end);
  }

  /** Whether the sign belongs to another one, such as at most, or a definition. */
  private boolean isComparison(int at) {
    return (at > 0 && "<>!:=~".indexOf(text.charAt(at - 1)) >= 0)
        || (at + 1 < end && text.charAt(at + 1) == '=');
  }

  /** Characters of what ends a statement at {@code at}; 0 for nothing. */
  private int terminatorWidth(int at) {
    char next = at + 1 < end ? text.charAt(at + 1) : '\n';
    return switch (text.charAt(at)) {
      case '\n', ';' -> 1;
      case '.' -> Character.isWhitespace(next) ? 1 : 0;
      case '$' -> next == '$' ? 2 : 1;
      case '\\' -> "()[]\\".indexOf(next) >= 0 ? 2 : 0;
      default -> 0;
    };
  }

  private void endStatement(int to, int behind) {
    if (equals >= 0) {
      add(equals + 1, to, behind);
    }
    equals = -1;
  }

  private void endLine(int to, int behind) {
    if (!lineHasEquation) {
      add(line, to, behind);
    }
    line = behind;
    lineHasEquation = false;
  }

  private void add(int from, int to, int behind) {
    if (to - from <= LONGEST) {
      String value = withoutPunctuation(text.substring(from, to).strip());
      if (!value.isEmpty()) {
        results.add(new Result(value, behind));
      }
    }
  }

  private static String withoutPunctuation(String value) {
    int length = value.length();
    while (length > 0 && ".,:;".indexOf(value.charAt(length - 1)) >= 0) {
      length--;
    }
    return value.substring(0, length).strip();
  }
}
