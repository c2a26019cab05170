package dev.drpo.cli.eval;

/**
 * How responses are sampled, whoever samples them.
 *
 * @param samples responses to each problem
 * @param temperature 0 is greedy
 * @param topP nucleus mass
 * @param maxTokens budget of a response, the end-of-sequence token included
 */
record SamplerSettings(int samples, double temperature, double topP, int maxTokens, long seed) {
  SamplerSettings withMaxTokens(int tokens) {
    return new SamplerSettings(samples, temperature, topP, tokens, seed);
  }
}
