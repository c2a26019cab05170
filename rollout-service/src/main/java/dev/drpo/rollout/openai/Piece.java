package dev.drpo.rollout.openai;

import java.util.List;

/**
 * A part of a response's text.
 *
 * @param offset characters of the text before it
 * @param tokens that spell it, in order
 */
record Piece(String text, int offset, List<Token> tokens) {
  Piece {
    tokens = List.copyOf(tokens);
  }

  /**
   * A sampled token.
   *
   * @param text what it adds to the response, which is nothing for an end-of-sequence token
   * @param offset characters of the response before it
   * @param logProbability natural logarithm
   */
  record Token(String text, int offset, float logProbability) {}

  boolean isEmpty() {
    return text.isEmpty() && tokens.isEmpty();
  }
}
