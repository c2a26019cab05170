package dev.drpo.problems.curation;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.LeftOut.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the first of the problems with the same {@link ProblemText}. Whether their answers are the
 * same, too, is the judge's decision, so that {@code 0.5} and {@code \frac12} are no conflict.
 */
public final class Duplicates implements ProblemFilter {
  private final ProblemText text;
  private final Judge judge = new Judge(Limits.DEFAULT);
  private final Map<String, Problem> firsts = new HashMap<>();

  public Duplicates(ProblemText text) {
    this.text = text;
  }

  @Override
  public Optional<LeftOut> check(Problem problem) {
    Problem first = firsts.putIfAbsent(text.of(problem), problem);
    if (first == null) {
      return Optional.empty();
    }
    return Optional.of(
        haveCommonGold(first, problem)
            ? new LeftOut(problem.id(), Reason.DUPLICATE, "as " + first.id())
            : new LeftOut(
                problem.id(),
                Reason.DUPLICATE_WITH_OTHER_GOLD,
                "%s here, %s in %s"
                    .formatted(shown(problem.golds()), shown(first.golds()), first.id())));
  }

  private boolean haveCommonGold(Problem first, Problem second) {
    return second.golds().stream()
        .anyMatch(
            gold ->
                judge.compare(first.golds(), gold, Conventions.DEFAULT) instanceof Verdict.Equal);
  }

  private static String shown(List<String> golds) {
    return String.join(" or ", golds);
  }
}
