package dev.drpo.problems.curation;

import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.LeftOut.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves out what evaluation sets have by the same {@link ProblemText}: a policy that trained on
 * those problems would be measured on what it has seen. A problem that was reworded is not found.
 */
public final class EvaluationSets implements ProblemFilter {
  private final ProblemText text;
  private final Map<String, String> places = new HashMap<>();

  public EvaluationSets(ProblemText text) {
    this.text = text;
  }

  /** Adds a set's problems under the name that a person knows it by. */
  public void add(String name, List<Problem> problems) {
    for (Problem problem : problems) {
      places.putIfAbsent(text.of(problem), problem.id() + " of " + name);
    }
  }

  @Override
  public Optional<LeftOut> check(Problem problem) {
    return Optional.ofNullable(places.get(text.of(problem)))
        .map(place -> new LeftOut(problem.id(), Reason.IN_EVALUATION_SET, place));
  }
}
