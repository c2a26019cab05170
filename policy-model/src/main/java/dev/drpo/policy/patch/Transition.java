package dev.drpo.policy.patch;

import dev.drpo.policy.checkpoint.PolicyDigest;

/**
 * The two versions of a policy that a patch lies between.
 *
 * @param baseStep step of the version that it changes
 * @param base that version's weights
 * @param step of the version that it makes
 * @param result that version's weights
 */
public record Transition(long baseStep, PolicyDigest base, long step, PolicyDigest result) {
  @Override
  public String toString() {
    return "%d (%s) to %d (%s)".formatted(baseStep, base.abbreviated(), step, result.abbreviated());
  }
}
