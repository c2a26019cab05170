package dev.drpo.problems.curation;

import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.PolicyPrompt;
import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.LeftOut.Reason;
import java.util.Optional;

/**
 * Leaves out prompts that are longer than a run takes, as the policy's chat template renders them.
 */
public final class PromptLimit implements ProblemFilter {
  private final PolicyTokenizer tokenizer;
  private final int tokens;

  /** Lets prompts of up to {@code tokens} pass. */
  public PromptLimit(PolicyTokenizer tokenizer, int tokens) {
    this.tokenizer = tokenizer;
    this.tokens = tokens;
  }

  @Override
  public Optional<LeftOut> check(Problem problem) {
    try {
      int length = PolicyPrompt.of(problem, tokenizer).tokens();
      return length <= tokens
          ? Optional.empty()
          : Optional.of(
              new LeftOut(
                  problem.id(),
                  Reason.PROMPT_TOO_LONG,
                  "%,d tokens; at most %,d are allowed".formatted(length, tokens)));
    } catch (PolicyPrompt.Refused refused) {
      return Optional.of(new LeftOut(problem.id(), Reason.PROMPT_REFUSED, refused.getMessage()));
    }
  }
}
