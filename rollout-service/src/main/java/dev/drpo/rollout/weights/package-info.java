/**
 * Weights: the starting policy from its folder, and every later version by following the run's
 * weight log and fetching the announced snapshots from the learner.
 */
package dev.drpo.rollout.weights;
