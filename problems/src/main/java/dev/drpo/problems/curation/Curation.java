package dev.drpo.problems.curation;

import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.LeftOut.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Problems on their way into a data set, and what was left out on it. */
public final class Curation {
  private final List<LeftOut> leftOut = new ArrayList<>();
  private List<Problem> problems = List.of();

  /** Adds problems at the end. */
  public void add(List<Problem> further) {
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(further);
    problems = List.copyOf(all);
  }

  /** Takes note of something that could not become a problem. */
  public void leaveOut(LeftOut what) {
    leftOut.add(what);
  }

  /** Lets a filter decide on each problem that is left. */
  public void filter(ProblemFilter filter) {
    List<Problem> kept = new ArrayList<>();
    for (Problem problem : problems) {
      Optional<LeftOut> verdict = filter.check(problem);
      verdict.ifPresentOrElse(leftOut::add, () -> kept.add(problem));
    }
    problems = List.copyOf(kept);
  }

  /** Goes on with some of the problems that are left; the others are left out for a reason. */
  public void keepOnly(List<Problem> some, Reason reason) {
    Set<Problem> kept = new HashSet<>(some);
    problems.stream()
        .filter(problem -> !kept.contains(problem))
        .forEach(problem -> leftOut.add(new LeftOut(problem.id(), reason, "")));
    problems = List.copyOf(some);
  }

  /** What is left. */
  public List<Problem> problems() {
    return problems;
  }

  /** What was left out, in the order in which it happened. */
  public List<LeftOut> leftOut() {
    return List.copyOf(leftOut);
  }
}
