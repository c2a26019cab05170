package dev.drpo.cli.dataset;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.PolicyPrompt;
import dev.drpo.problems.Problem;
import java.nio.file.Files;
import java.nio.file.Path;

/** The policy whose tokens are counted. */
final class Tokenizers {
  private Tokenizers() {}

  /**
   * Reads a policy's tokenizer and chat template; its weights may be missing.
   *
   * @throws UsageError if there is no such folder
   * @throws dev.drpo.policy.PolicyFormatException if it lacks what rendering needs
   */
  static PolicyTokenizer load(Path model) {
    if (!Files.isDirectory(model)) {
      throw new UsageError(
          "--model is %s, which is no folder; give a Hugging Face folder, such as".formatted(model)
              + " datasets/quickstart/policy");
    }
    return PolicyTokenizer.load(model);
  }

  /**
   * A problem's prompt as the policy sees it.
   *
   * @throws UsageError if the policy refuses it
   */
  static PolicyPrompt prompt(Problem problem, PolicyTokenizer tokenizer) {
    try {
      return PolicyPrompt.of(problem, tokenizer);
    } catch (PolicyPrompt.Refused refused) {
      throw new UsageError(
          "the policy has no prompt for %s: %s; leave --model out, or name another"
              .formatted(problem.id(), refused.getMessage()));
    }
  }
}
