package dev.drpo.engines;

import dev.drpo.policy.sampler.CounterRandom;

/**
 * Which random numbers a segment of a response is drawn by: those that the embedded engine would
 * take for the same tokens.
 *
 * @param seed of the run
 * @param stream of the prompt
 * @param sample index of the response in its group
 * @param token of the response that is drawn first
 */
record Draws(long seed, long stream, int sample, int token) {
  /**
   * A seed for servers that take one number, in the range that all of them take. Segments of one
   * response have different ones, or a server that begins anew with each would repeat itself; so
   * have attempts, since the same draws would give the same unusable answer.
   *
   * @param attempt from 0 on
   */
  int asOneSeed(int attempt) {
    CounterRandom random = new CounterRandom(seed ^ (attempt * 0x9E3779B97F4A7C15L), stream);
    return (int) (random.uniform(sample, token) * 0x1p31);
  }
}
