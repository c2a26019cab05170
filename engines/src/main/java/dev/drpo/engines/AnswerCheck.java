package dev.drpo.engines;

import java.util.List;

/**
 * Holds answers against what was asked for: a token that is trained on has a log-probability, is
 * one of the policy's, and stands in a response that ended where the policy or the budget ended it.
 *
 * @param vocabularySize token ids lie in [0, vocabularySize)
 */
record AnswerCheck(int vocabularySize) {
  /** What servers put where they have none, and below which no real one lies. */
  private static final float FLOOR = -9999;

  /** Above 0 by rounding. */
  private static final float MOST = 1e-3f;

  /**
   * Accepts a segment.
   *
   * @throws BadAnswerException if it can't be used
   */
  void require(Segment segment, SegmentRequest request) throws BadAnswerException {
    int[] tokens = segment.tokens();
    requireThat(
        segment.weights().isEmpty() || segment.weights().get().equals(request.weights()),
        AnswerFault.OTHER_WEIGHTS,
        segment.weights().orElse("") + " instead of " + request.weights());
    requireThat(tokens.length > 0 || segment.end() == Segment.End.ABORT, AnswerFault.EMPTY, "");
    requireThat(
        tokens.length <= request.budget(),
        AnswerFault.TOO_LONG,
        tokens.length + " instead of " + request.budget());
    List<Integer> ends = request.ends();
    for (int i = 0; i < tokens.length; i++) {
      requireThat(
          tokens[i] >= 0 && tokens[i] < vocabularySize,
          AnswerFault.UNKNOWN_TOKEN,
          String.valueOf(tokens[i]));
      requireThat(
          i == tokens.length - 1 || !ends.contains(tokens[i]),
          AnswerFault.PASSED_END,
          String.valueOf(tokens[i]));
      requireLogProbability(segment.logProbabilities()[i]);
    }
    boolean ended = tokens.length > 0 && ends.contains(tokens[tokens.length - 1]);
    switch (segment.end()) {
      case STOP ->
          requireThat(ended, AnswerFault.NO_END, String.valueOf(tokens[tokens.length - 1]));
      case LENGTH ->
          requireThat(
              tokens.length == request.budget(),
              AnswerFault.CUT_SHORT,
              tokens.length + " tokens instead of " + request.budget());
      case ABORT -> {
        // It goes on from wherever it was cut.
      }
    }
  }

  private static void requireLogProbability(float value) throws BadAnswerException {
    requireThat(!Float.isNaN(value), AnswerFault.MISSING_LOG_PROBABILITY, "");
    requireThat(value <= MOST, AnswerFault.IMPOSSIBLE_LOG_PROBABILITY, String.valueOf(value));
    requireThat(value > FLOOR, AnswerFault.FLOORED_LOG_PROBABILITY, String.valueOf(value));
  }

  private static void requireThat(boolean holds, AnswerFault fault, String detail)
      throws BadAnswerException {
    if (!holds) {
      throw new BadAnswerException(fault, detail);
    }
  }
}
