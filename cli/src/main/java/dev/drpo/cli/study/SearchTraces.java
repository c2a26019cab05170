package dev.drpo.cli.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes traces to imitate. A test is a line such as {@code x7 a3 2 b5 7 c7 yes}: the candidate, a
 * times it, plus b, and whether that is c.
 */
final class SearchTraces {
  /**
   * Probability that a search that is not over guesses the next candidate instead of testing it.
   */
  private static final double GIVE_UP = 0.08;

  private final Random random;

  SearchTraces(Random random) {
    this.random = random;
  }

  /** A trace in a style of the mix, right or wrong. */
  String write(SearchProblem problem) {
    return write(problem, SearchStyle.draw(random), GIVE_UP);
  }

  /** A trace that tests all candidates and is right, which teaches the arithmetic. */
  String plainTour(SearchProblem problem) {
    return write(problem, SearchStyle.TOUR, 0);
  }

  private String write(SearchProblem problem, SearchStyle style, double giveUp) {
    List<String> words = new ArrayList<>();
    words.add("<think>");
    int taken = search(problem, style, giveUp, words);
    words.add("</think>");
    if (problem.table().isPresent()) {
      // The fact is recalled from these two.
      words.add("x" + taken);
      words.add("d" + problem.table().getAsInt());
    }
    words.addAll(List.of("\\boxed{", Integer.toString(problem.answer(taken)), "}"));
    return String.join(" ", words);
  }

  /** Writes the search; gives the candidate that it takes for the root. */
  private int search(SearchProblem problem, SearchStyle style, double giveUp, List<String> words) {
    int found = -1;
    for (int x : problem.candidates()) {
      boolean isFirst = x == problem.candidates().getFirst();
      boolean guesses =
          found < 0 && ((style == SearchStyle.GUESS && isFirst) || random.nextDouble() < giveUp);
      if (guesses) {
        words.add("guess");
        return x;
      }
      test(problem, x, style, words);
      if (problem.value(x) == problem.c()) {
        found = x;
        if (!style.tours()) {
          break;
        }
      }
    }
    return found;
  }

  private void test(SearchProblem problem, int x, SearchStyle style, List<String> words) {
    List<String> line =
        List.of(
            "x" + x,
            "a" + problem.a(),
            Integer.toString(problem.product(x)),
            "b" + problem.b(),
            Integer.toString(problem.value(x)));
    words.addAll(line);
    if (random.nextDouble() < style.recheck()) {
      words.add("wait");
      words.addAll(line);
    }
    words.add("c" + problem.c());
    words.add(problem.value(x) == problem.c() ? "yes" : "no");
  }
}
