package dev.drpo.problems;

import dev.drpo.policy.text.PolicyTokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A problem with its prompt as the policy sees it.
 *
 * @param problem what was asked
 * @param promptTokens the rendered conversation, tokenized once for the whole run
 */
public record RenderedProblem(Problem problem, int[] promptTokens) {
  private static final Logger LOG = Logger.getLogger(RenderedProblem.class);

  /**
   * Renders a file's problems. Prompts over the limit are left out, as the authors' code does, and
   * counted in the log.
   *
   * @throws DataException if no problem is left
   */
  public static List<RenderedProblem> renderAll(
      ProblemFile file, PolicyTokenizer tokenizer, int maxPromptTokens) {
    List<RenderedProblem> rendered = new ArrayList<>();
    for (Problem problem : file.problems()) {
      int[] tokens = tokenizer.encode(tokenizer.render(problem.messages()));
      if (tokens.length > 0 && tokens.length <= maxPromptTokens) {
        rendered.add(new RenderedProblem(problem, tokens));
      }
    }
    int dropped = file.problems().size() - rendered.size();
    if (dropped > 0) {
      LOG.warnf(
          "%d of %d problems of %s are left out: their prompts are empty or longer than"
              + " sampling.max-prompt-tokens (%d)",
          dropped, file.problems().size(), file.path(), maxPromptTokens);
    }
    if (rendered.isEmpty()) {
      throw new DataException(
          file.path()
              + " has no problem whose prompt fits sampling.max-prompt-tokens ("
              + maxPromptTokens
              + "); raise it or use another file");
    }
    return rendered;
  }
}
