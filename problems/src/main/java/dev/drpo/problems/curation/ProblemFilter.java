package dev.drpo.problems.curation;

import dev.drpo.problems.Problem;
import java.util.Optional;

/** Decides on problems one by one, in the order of their file. */
@FunctionalInterface
public interface ProblemFilter {
  /** Why the problem does not come along, or empty if it does. */
  Optional<LeftOut> check(Problem problem);
}
