package dev.drpo.planning;

import dev.drpo.runtime.config.RunConfig;
import java.util.OptionalDouble;

/**
 * How long prompts and responses are, in tokens. Lengths of responses are taken to lie evenly
 * between nothing and twice the mean.
 *
 * @param prompt mean length of a prompt
 * @param response mean length of a response
 * @param longest response that there may be
 */
public record Lengths(double prompt, double response, double longest) {
  private static final double PROMPT = 150;

  /**
   * Lengths of a run.
   *
   * @param response the mean, as far as it is known; without one, half the longest
   */
  public static Lengths of(RunConfig.Sampling sampling, OptionalDouble response) {
    return new Lengths(
        Math.min(PROMPT, sampling.maxPromptTokens()),
        response.orElse(sampling.maxResponseTokens() / 2.0),
        sampling.maxResponseTokens());
  }

  /**
   * Tokens of a response that lie before one of its tokens, on average over tokens: half the mean
   * square by the mean.
   */
  double before() {
    return response * 2 / 3;
  }

  /** Tokens of a group whose responses share a prompt. */
  double group(int size) {
    return prompt + size * response;
  }
}
