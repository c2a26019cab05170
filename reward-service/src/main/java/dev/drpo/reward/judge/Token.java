package dev.drpo.reward.judge;

/**
 * A lexical unit of an answer.
 *
 * @param text the digits or letters of {@link Kind#DIGITS} and {@link Kind#WORD}, else empty
 */
record Token(Kind kind, String text) {
  enum Kind {
    DIGITS,
    WORD,
    DOT,
    COMMA,
    /** A space that may also separate thousands. */
    THIN_SPACE,
    SPACE,
    PLUS,
    MINUS,
    SLASH,
    TIMES,
    CARET,
    FRACTION,
    OPEN,
    CLOSE,
    PERCENT,
    DOLLAR,
    /** Something that no covered form contains. */
    OTHER,
    END
  }
}
