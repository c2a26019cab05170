package dev.drpo.rollout.engine;

import static dev.drpo.rollout.engine.RefusedRequestException.require;

/**
 * How a group is sampled.
 *
 * @param temperature divides the logits; 0 is greedy
 * @param topP nucleus mass in (0, 1]
 * @param groupSize responses to sample
 * @param maxResponseTokens response budget, the end-of-sequence token included
 * @param seed key of the random numbers
 */
public record Sampling(
    double temperature, double topP, int groupSize, int maxResponseTokens, long seed) {
  /**
   * Checks the ranges.
   *
   * @throws RefusedRequestException if a parameter is out of range
   */
  public Sampling {
    require(
        temperature >= 0 && Double.isFinite(temperature),
        "the temperature is %s; it must be 0 (greedy) or more, and finite",
        temperature);
    require(topP > 0 && topP <= 1, "top-p is %s; it must lie in (0, 1]", topP);
    require(groupSize >= 1, "the group size is %s; it must be 1 or more", groupSize);
    require(
        maxResponseTokens >= 1,
        "the response budget is %s tokens; it must be 1 or more",
        maxResponseTokens);
  }
}
