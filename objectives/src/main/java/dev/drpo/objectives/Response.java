package dev.drpo.objectives;

/**
 * One response as an objective sees it.
 *
 * @param correct whether the verifier accepted its answer
 * @param reward what the run's reward functions made of it; 1 or 0 where only the answer counts
 * @param truncated whether the length budget ended it, so that it has no end of sequence
 * @param old log-probability of each token under the policy that the update starts from, at the
 *     sampling temperature
 * @param current log-probability of each token under the policy being updated, at the same
 *     temperature
 * @param importance how much likelier each token is under the old policy than under the one that
 *     sampled it, as far as it may count; 0 leaves the token out; empty where one is the other, so
 *     that all are 1
 * @param tail what a correct response reasons after it has stated the answer; empty where there is
 *     none, or the run's objective does not ask for it
 */
public record Response(
    boolean correct,
    double reward,
    boolean truncated,
    float[] old,
    float[] current,
    double[] importance,
    TokenSpan tail)
    implements Judged {
  private static final double[] NONE = {};

  public Response {
    if (old.length == 0
        || old.length != current.length
        || (importance.length != 0 && importance.length != old.length)) {
      throw new IllegalArgumentException(
          "a response needs one old and one current log-probability per token, and as many"
              + " importance weights or none, not "
              + old.length
              + ", "
              + current.length
              + " and "
              + importance.length);
    }
    if (tail.end() > old.length) {
      throw new IllegalArgumentException(
          "the tail of a response of " + old.length + " tokens can't end at " + tail.end());
    }
  }

  /** A response without a tail. */
  public Response(
      boolean correct,
      double reward,
      boolean truncated,
      float[] old,
      float[] current,
      double[] importance) {
    this(correct, reward, truncated, old, current, importance, TokenSpan.NONE);
  }

  /** A response that ended by itself, sampled by the old policy. */
  public Response(boolean correct, double reward, float[] old, float[] current) {
    this(correct, reward, false, old, current, NONE);
  }

  /** The same in a run that rewards right answers and nothing else. */
  public Response(boolean correct, float[] old, float[] current) {
    this(correct, correct ? 1 : 0, old, current);
  }

  @Override
  public int length() {
    return current.length;
  }

  /** Tokens that are not left out. */
  int countingTokens() {
    int out = 0;
    for (double weight : importance) {
      out += weight == 0 ? 1 : 0;
    }
    return length() - out;
  }

  /** log current - log old of a token. */
  double logRatio(int token) {
    return (double) current[token] - old[token];
  }

  /** A token's importance weight. */
  double importance(int token) {
    return importance.length == 0 ? 1 : importance[token];
  }

  /**
   * A token's part of a sum over the response: its change since the update's start counts by the
   * token's importance, so that at the start nothing is weighted.
   *
   * @param start the part under the old policy
   * @param now the part under the current one
   */
  double counted(int token, double start, double now) {
    return now + (importance(token) - 1) * (now - start);
  }
}
