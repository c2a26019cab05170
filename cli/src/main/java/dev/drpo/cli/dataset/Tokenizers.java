package dev.drpo.cli.dataset;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.text.PolicyTokenizer;
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
}
