package dev.drpo.cli.judge;

import dev.drpo.judge.Explanation;
import dev.drpo.judge.Explanation.Step;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Verdict.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a pair was decided, in two columns: what was looked at, and what was found. */
final class ExplanationText {
  private ExplanationText() {}

  static List<String> lines(Explanation explanation) {
    Evidence evidence = explanation.verdict().evidence();
    List<Step> steps = new ArrayList<>(explanation.steps());
    steps.add(
        new Step(
            "verdict",
            String.format(
                Locale.ROOT,
                "%s by the rule %s, in %,d steps",
                Outcome.of(explanation.verdict()),
                evidence.rule().id(),
                evidence.steps())));
    int width = steps.stream().mapToInt(step -> step.subject().length()).max().orElse(0);
    return steps.stream()
        .map(step -> ("%-" + width + "s  %s").formatted(step.subject(), step.finding()))
        .toList();
  }
}
