package dev.drpo.learner.step;

/**
 * What has no part in an update because sampler and learner disagree on it too far.
 *
 * @param tokens without weight, those of whole responses included
 * @param responses that are left out as a whole
 */
public record LeftOut(long tokens, int responses) {
  public static final LeftOut NOTHING = new LeftOut(0, 0);

  /** Both together. */
  public LeftOut and(LeftOut other) {
    return new LeftOut(tokens + other.tokens, responses + other.responses);
  }
}
