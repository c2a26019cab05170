package dev.drpo.engines;

import java.util.Optional;

/**
 * What a server answers with.
 *
 * @param tokens token ids, a token that ends the response included
 * @param logProbabilities of the distribution that each was drawn from; null in JSON is NaN here
 * @param end why it ends there
 * @param weights label of the weights that it ended under, where the server tells
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; lists would box every token.
record Segment(int[] tokens, float[] logProbabilities, End end, Optional<String> weights) {
  /** Why a segment ends. */
  enum End {
    /** With a token that ends the response. */
    STOP,
    /** The budget is used up. */
    LENGTH,
    /** The server was asked to end it, and more is to come. */
    ABORT
  }
}
