package dev.drpo.cli.generate;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.text.PolicyTokenizer;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What to continue, as the command line says. */
final class PromptOptions {
  @Option(names = "--prompt", paramLabel = "TEXT", description = "One text to continue.")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description = "JSON lines with many; - for standard input.")
  private Optional<Path> prompts = Optional.empty();

  @Option(
      names = "--chat",
      description = "Texts are what a user says: the policy's chat template goes around them.")
  private boolean chat;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "System message of conversations that have none.")
  private Optional<String> system = Optional.empty();

  @Option(
      names = "--max-prompt-tokens",
      paramLabel = "N",
      description = {
        "Longest prompt of --prompts, for which room is kept in every slot (default:",
        DEFAULT_MAX_PROMPT_TOKENS + ", or what the policy's context leaves)."
      })
  private Optional<Integer> maxPromptTokens = Optional.empty();

  static final int DEFAULT_MAX_PROMPT_TOKENS = 1024;

  /**
   * Checks what goes together.
   *
   * @throws UsageError if something does not
   */
  void refuseContradictions() {
    if (prompt.isPresent() == prompts.isPresent()) {
      throw new UsageError(
          prompt.isPresent()
              ? "--prompt and --prompts are both given; give one of them"
              : "there is nothing to continue; give --prompt TEXT or --prompts FILE");
    }
    if (prompt.isPresent() && system.isPresent() && !chat) {
      throw new UsageError("--system is part of a conversation; add --chat");
    }
    if (prompt.isPresent() && maxPromptTokens.isPresent()) {
      throw new UsageError("--max-prompt-tokens is for --prompts; leave it out");
    }
    if (maxPromptTokens.isPresent() && maxPromptTokens.get() < 1) {
      throw new UsageError(
          "--max-prompt-tokens is " + maxPromptTokens.get() + "; it must be 1 or more");
    }
  }

  Optional<String> prompt() {
    return prompt;
  }

  Optional<Path> prompts() {
    return prompts;
  }

  PromptEncoder encoder(PolicyTokenizer tokenizer) {
    return new PromptEncoder(tokenizer, chat, system);
  }

  /** What lines may hold, for a policy with this context. */
  int maxPromptTokens(int contextLength) {
    return Math.min(maxPromptTokens.orElse(DEFAULT_MAX_PROMPT_TOKENS), contextLength - 1);
  }
}
