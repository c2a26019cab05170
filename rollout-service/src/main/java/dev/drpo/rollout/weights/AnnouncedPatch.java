package dev.drpo.rollout.weights;

import dev.drpo.policy.patch.Transition;

/**
 * The patch that leads to an announced version.
 *
 * @param transition from the version before to the announced one
 * @param chunks that precede the announcement in the log
 */
record AnnouncedPatch(Transition transition, int chunks) {}
