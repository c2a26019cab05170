package dev.drpo.cli.generate;

import java.util.Locale;

/**
 * What a prompt may be.
 *
 * @param vocabularySize token ids lie in [0, vocabularySize)
 * @param maxPromptTokens longest prompt
 * @param contextLength most tokens of prompt and response together
 */
record PromptLimits(int vocabularySize, int maxPromptTokens, int contextLength) {

  /** Refuses a prompt that is too long, or leaves no room for a response. */
  void refuseTooLong(int promptTokens) throws RefusedPrompt {
    if (promptTokens >= contextLength) {
      throw new RefusedPrompt(
          String.format(
              Locale.ROOT,
              "the prompt has %,d tokens, which leaves no room for a response in the policy's"
                  + " context of %,d; shorten it",
              promptTokens,
              contextLength));
    }
    if (promptTokens > maxPromptTokens) {
      throw new RefusedPrompt(
          String.format(
              Locale.ROOT,
              "the prompt has %,d tokens, more than the %,d of --max-prompt-tokens; shorten it, or"
                  + " raise --max-prompt-tokens",
              promptTokens,
              maxPromptTokens));
    }
  }
}
