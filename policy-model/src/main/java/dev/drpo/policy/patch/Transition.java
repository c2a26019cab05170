package dev.drpo.policy.patch;

import dev.drpo.policy.checkpoint.PolicyVersion;

/**
 * The two versions of a policy that a patch lies between.
 *
 * @param base the version that it changes
 * @param result the version that it makes
 */
public record Transition(PolicyVersion base, PolicyVersion result) {
  @Override
  public String toString() {
    return base + " to " + result;
  }
}
