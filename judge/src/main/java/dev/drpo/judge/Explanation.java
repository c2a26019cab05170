package dev.drpo.judge;

import dev.drpo.judge.verdict.Verdict;
import java.util.List;

/** How a pair was decided, in the order in which it happened. */
public record Explanation(Verdict verdict, List<Step> steps) {
  public Explanation {
    steps = List.copyOf(steps);
  }

  /**
   * One finding on the way to a verdict.
   *
   * @param subject what was looked at, such as {@code gold} or {@code element 2}
   * @param finding what was found, for a person
   */
  public record Step(String subject, String finding) {}
}
