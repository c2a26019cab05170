package dev.drpo.generation;

import static dev.drpo.generation.RefusedRequestException.require;

import dev.drpo.policy.sampler.SamplingLaw;
import java.util.Set;

/**
 * How a group is sampled.
 *
 * @param law what each token is drawn from
 * @param groupSize responses to sample
 * @param maxResponseTokens response budget, the end-of-sequence token included
 * @param seed key of the random numbers
 * @param stopTokens tokens that end a response beside the policy's own ends of sequence
 */
public record Sampling(
    SamplingLaw law, int groupSize, int maxResponseTokens, long seed, Set<Integer> stopTokens) {
  /**
   * Checks the ranges.
   *
   * @throws RefusedRequestException if a parameter is out of range
   */
  public Sampling {
    require(groupSize >= 1, "the group size is %s; it must be 1 or more", groupSize);
    require(
        maxResponseTokens >= 1,
        "the response budget is %s tokens; it must be 1 or more",
        maxResponseTokens);
    stopTokens = Set.copyOf(stopTokens);
  }

  /**
   * Without stop tokens, from a nucleus.
   *
   * @throws RefusedRequestException if a parameter is out of range
   */
  public Sampling(
      double temperature, double topP, int groupSize, int maxResponseTokens, long seed) {
    this(law(temperature, topP, 0, 0), groupSize, maxResponseTokens, seed, Set.of());
  }

  /**
   * What a caller asks to be drawn from.
   *
   * @throws RefusedRequestException if a parameter is out of range
   */
  public static SamplingLaw law(double temperature, double topP, int topK, double minP) {
    require(
        temperature >= 0 && Double.isFinite(temperature),
        "the temperature is %s; it must be 0 (greedy) or more, and finite",
        temperature);
    require(topP > 0 && topP <= 1, "top-p is %s; it must lie in (0, 1]", topP);
    require(topK >= 0, "top-k is %s; it must be 0 (all tokens) or more", topK);
    require(minP >= 0 && minP < 1, "min-p is %s; it must lie in [0, 1)", minP);
    return new SamplingLaw(temperature, topP, topK, minP);
  }
}
