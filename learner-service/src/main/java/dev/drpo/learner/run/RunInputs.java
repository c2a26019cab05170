package dev.drpo.learner.run;

import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.ProblemFile;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.runtime.config.RunConfig;
import java.util.List;
import java.util.Optional;

/**
 * What a run reads.
 *
 * @param policy that training starts from
 * @param train problems to train on
 * @param heldOut problems to evaluate on; empty where evaluation is switched off
 */
record RunInputs(PolicyFolder policy, ProblemFile train, Optional<ProblemFile> heldOut) {
  /**
   * Reads the problems.
   *
   * @throws dev.drpo.problems.DataException if a file is missing or malformed
   */
  static RunInputs read(RunConfig config) {
    return new RunInputs(
        new PolicyFolder(config.policy().path()),
        ProblemFile.read(config.data().train()),
        config.evaluation().problems() == 0
            ? Optional.empty()
            : Optional.of(ProblemFile.read(config.data().heldout())));
  }

  /** The prompts that the run sends out. */
  record Prompts(List<RenderedProblem> training, List<RenderedProblem> evaluation) {}

  /**
   * Renders the problems as the policy sees them.
   *
   * @param maxPromptTokens longer prompts are left out
   * @throws dev.drpo.problems.DataException if no problem of a file is left
   */
  Prompts render(int maxPromptTokens) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(policy.path())) {
      return new Prompts(
          RenderedProblem.renderAll(train, tokenizer, maxPromptTokens),
          heldOut
              .map(file -> RenderedProblem.renderAll(file, tokenizer, maxPromptTokens))
              .orElse(List.of()));
    }
  }
}
