package dev.drpo.policy.checkpoint;

/**
 * The weights that a token was sampled with.
 *
 * @param step optimizer steps published so far; 0 is the starting policy
 * @param digest identity of the weights
 */
public record PolicyVersion(long step, PolicyDigest digest) {
  @Override
  public String toString() {
    return step + " (" + digest.abbreviated() + ")";
  }
}
