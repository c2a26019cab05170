package dev.drpo.cli.dataset;

import dev.drpo.cli.dataset.source.Prompts;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.problems.curation.Instruction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What is put around a problem. */
final class PromptOptions {
  private static final String NONE = "none";

  @Option(
      names = "--suffix",
      paramLabel = "NAME|TEXT",
      description = {
        "Sentence behind the problem: paper, r1, none, or a text of yours.",
        "Default: paper behind bare problems, none behind prompts that bring messages."
      })
  private Optional<String> suffix = Optional.empty();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "Text of a system message, in the place of the source's own.")
  private Optional<String> system = Optional.empty();

  /**
   * How conversations are made.
   *
   * @throws UsageError if the suffix is a word that names none
   */
  Prompts prompts() {
    if (system.filter(String::isBlank).isPresent()) {
      throw new UsageError("--system is empty; give a text or leave it out");
    }
    return new Prompts(system, suffix.map(PromptOptions::sentence));
  }

  /** The sentence that was asked for, so that texts can be compared without it. */
  List<String> sentences() {
    return suffix.map(PromptOptions::sentence).stream().toList();
  }

  private static String sentence(String given) {
    if (given.equals(NONE)) {
      return "";
    }
    Optional<Instruction> named = Instruction.named(given);
    if (named.isEmpty() && !given.strip().contains(" ")) {
      throw new UsageError(
          "--suffix is '%s'; it must be %s, %s or a sentence"
              .formatted(
                  given,
                  Arrays.stream(Instruction.values())
                      .map(Instruction::id)
                      .collect(Collectors.joining(", ")),
                  NONE));
    }
    return named.map(Instruction::text).orElse(given.strip());
  }
}
