package dev.drpo.objectives;

/**
 * Tokens of a response that stand side by side.
 *
 * @param start index of the first
 * @param end index behind the last
 */
public record TokenSpan(int start, int end) {
  public static final TokenSpan NONE = new TokenSpan(0, 0);

  public TokenSpan {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no tokens lie between " + start + " and " + end);
    }
  }

  public boolean isEmpty() {
    return start == end;
  }

  /** Number of tokens. */
  public int length() {
    return end - start;
  }

  boolean contains(int token) {
    return start <= token && token < end;
  }
}
