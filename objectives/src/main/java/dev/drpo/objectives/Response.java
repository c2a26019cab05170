package dev.drpo.objectives;

/**
 * One response as an objective sees it.
 *
 * @param correct whether the verifier accepted its answer
 * @param reward what the run's reward functions made of it; 1 or 0 where only the answer counts
 * @param old log-probability of each token under the behaviour policy, at the sampling temperature
 * @param current log-probability of each token under the policy being updated, at the same
 *     temperature
 */
public record Response(boolean correct, double reward, float[] old, float[] current)
    implements Judged {
  public Response {
    if (old.length == 0 || old.length != current.length) {
      throw new IllegalArgumentException(
          "a response needs one old and one current log-probability per token, not "
              + old.length
              + " and "
              + current.length);
    }
  }

  /** A response of a run that rewards right answers and nothing else. */
  public Response(boolean correct, float[] old, float[] current) {
    this(correct, correct ? 1 : 0, old, current);
  }

  /** |o|: tokens, the end of sequence included. */
  public int length() {
    return current.length;
  }

  /** log current - log old of a token. */
  double logRatio(int token) {
    return (double) current[token] - old[token];
  }
}
