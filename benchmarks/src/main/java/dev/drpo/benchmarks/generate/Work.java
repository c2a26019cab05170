package dev.drpo.benchmarks.generate;

import dev.drpo.policy.checkpoint.ModelConfig;

/**
 * Floating-point operations that generation takes at least, a multiplication and addition as two.
 */
final class Work {
  private Work() {}

  /**
   * Of sampling sequences whose prompts each group shares.
   *
   * @param prompts prompts that are run
   * @param sequences responses
   */
  static double operations(
      ModelConfig config, long prompts, long sequences, int promptTokens, int newTokens) {
    double width = config.hiddenSize();
    double queries = (double) config.heads() * config.headSize();
    double keys = (double) config.keyValueHeads() * config.headSize();
    double perToken =
        2
            * config.layers()
            * (width * (queries + 2 * keys)
                + queries * width
                + 3 * width * config.intermediateSize());
    double head = 2 * width * config.vocabularySize();
    // A query meets every position up to its own, once for its score and once for its value.
    double perPosition = 4 * config.layers() * queries;
    double prompt =
        promptTokens * perToken + perPosition * promptTokens * (promptTokens + 1.0) / 2 + head;
    // The last token is drawn and not fed.
    double fed = newTokens - 1.0;
    double response =
        fed * (perToken + head) + perPosition * (fed * promptTokens + fed * (fed + 1) / 2);
    return prompts * prompt + sequences * response;
  }
}
