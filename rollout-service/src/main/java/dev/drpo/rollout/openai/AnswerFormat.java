package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What completions and chat completions tell differently. */
interface AnswerFormat {
  /** Begins the answer's id. */
  String idPrefix();

  /** The answer's type. */
  String object();

  /** The type of a streamed answer's pieces. */
  String chunkObject();

  /** Writes a whole response into its choice. */
  void whole(ObjectNode choice, Piece text);

  /**
   * Writes a part of a response into its choice.
   *
   * @param first whether it is the first part of its response
   */
  void part(ObjectNode choice, Piece text, boolean first);

  /** Writes the log-probabilities of a text's tokens. */
  void logProbabilities(ObjectNode choice, Piece text);
}
