package dev.drpo.problems;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.text.PolicyTokenizer;

/**
 * A problem's prompt as a policy sees it.
 *
 * @param text the rendered conversation
 * @param tokens how many it has
 */
public record PolicyPrompt(String text, int tokens) {

  /** Why a policy has no prompt for a problem. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Renders a problem.
   *
   * @throws Refused if the chat template won't have the conversation, or the tokenizer can't spell
   *     it
   */
  public static PolicyPrompt of(Problem problem, PolicyTokenizer tokenizer) throws Refused {
    String text;
    try {
      text = tokenizer.render(problem.messages());
    } catch (IllegalArgumentException | PolicyFormatException e) {
      throw new Refused(e.getMessage());
    }
    try {
      return new PolicyPrompt(text, tokenizer.encode(text).length);
    } catch (RuntimeException e) {
      // The native tokenizer has no narrower type for a text that its vocabulary can't spell.
      throw new Refused("the tokenizer refuses the prompt: " + e.getMessage());
    }
  }
}
