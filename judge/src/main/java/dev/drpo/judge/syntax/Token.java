package dev.drpo.judge.syntax;

import java.util.Locale;

/**
 * A lexical unit of an answer.
 *
 * @param text what the kind leaves open: digits, letters, or the name of a function, symbol,
 *     currency or environment; else empty
 * @param gap the space before the token
 */
record Token(Kind kind, String text, Gap gap) {

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  /** Whether this is a run of letters, in math or in text. */
  boolean isLetters() {
    return kind == Kind.WORD || kind == Kind.TEXT;
  }

  /** The token as it may be written, alike for alike tokens only. */
  String written() {
    return switch (kind) {
      case OPEN_PARENTHESIS -> "(";
      case CLOSE_PARENTHESIS -> ")";
      case PLUS -> "+";
      case MINUS -> "-";
      case TIMES -> "*";
      case SLASH -> "/";
      case CARET -> "^";
      case COMMA -> ",";
      default -> text.isEmpty() ? " " + kind.name().toLowerCase(Locale.ROOT) + " " : text;
    };
  }

  /** What stands between two tokens. */
  enum Gap {
    NONE,
    /** Less than none, as writers put it behind the comma of thousands. */
    NEGATIVE,
    /** A thin space, which may separate thousands. */
    THIN,
    WIDE
  }

  enum Kind {
    DIGITS,
    /** Letters of math: a name, or symbols side by side. */
    WORD,
    /** Letters of running text, as in {@code \text{cm}}. */
    TEXT,
    /** A letter of its own, such as {@code \theta}. */
    SYMBOL,
    /** Named by {@link dev.drpo.judge.expression.Function}, or {@link Spellings#CIS}. */
    FUNCTION,
    LOGARITHM,
    PI,
    INFINITY,
    CURRENCY,
    PERCENT,
    DEGREE,

    DOT,
    COMMA,
    /** A comma in braces, which separates thousands. */
    THOUSANDS_COMMA,
    SEMICOLON,
    COLON,
    APOSTROPHE,
    /** The word {@code and} or {@code or} between elements. */
    CONNECTIVE,

    PLUS,
    MINUS,
    PLUS_MINUS,
    MINUS_PLUS,
    TIMES,
    DIVIDED_BY,
    SLASH,
    CARET,
    UNDERSCORE,
    FACTORIAL,
    FRACTION,
    BINOMIAL,
    CHOOSE,
    OVER,
    ROOT,
    /** A root sign without braces: its operand is the whole number that follows. */
    SURD,
    OVERLINE,
    /** The first or last of the digits that recur. */
    DOTTED_DIGIT,
    /** A bar over an expression: its complex conjugate. */
    CONJUGATE,
    /** A function of several numbers: {@code gcd}, {@code lcm}, {@code max} or {@code min}. */
    SEVERAL,
    /** {@code sum} or {@code prod}. */
    SERIES,
    LIMIT,
    INTEGRAL,
    /** The variable of an integral, behind its d. */
    DIFFERENTIAL,
    /** {@code det} or {@code tr}. */
    MATRIX_FUNCTION,
    ARROW,
    /** A hyphen inside running text. */
    HYPHEN,

    EQUALS,
    NOT_EQUALS,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    APPROXIMATELY,
    ELEMENT_OF,
    NOT_ELEMENT_OF,
    CONGRUENT,
    FOR_ALL,
    /** What stands before a modulus. */
    MODULO,
    /** Dots that leave terms or digits out. */
    ELLIPSIS,
    UNION,
    INTERSECTION,
    SET_MINUS,
    EMPTY_SET,
    NUMBER_SET,
    SUCH_THAT,

    OPEN_BRACE,
    CLOSE_BRACE,
    OPEN_PARENTHESIS,
    CLOSE_PARENTHESIS,
    OPEN_BRACKET,
    CLOSE_BRACKET,
    OPEN_SET,
    CLOSE_SET,
    OPEN_ANGLE,
    CLOSE_ANGLE,
    OPEN_FLOOR,
    CLOSE_FLOOR,
    OPEN_CEILING,
    CLOSE_CEILING,
    BAR,

    BEGIN,
    END_ENVIRONMENT,
    NEXT_CELL,
    NEXT_ROW,

    /** Something that no answer form contains. */
    OTHER,
    END;

    boolean opens() {
      return switch (this) {
        case OPEN_BRACE,
            OPEN_PARENTHESIS,
            OPEN_BRACKET,
            OPEN_SET,
            OPEN_ANGLE,
            OPEN_FLOOR,
            OPEN_CEILING,
            BEGIN ->
            true;
        default -> false;
      };
    }

    boolean closes() {
      return switch (this) {
        case CLOSE_BRACE,
            CLOSE_PARENTHESIS,
            CLOSE_BRACKET,
            CLOSE_SET,
            CLOSE_ANGLE,
            CLOSE_FLOOR,
            CLOSE_CEILING,
            END_ENVIRONMENT ->
            true;
        default -> false;
      };
    }
  }
}
