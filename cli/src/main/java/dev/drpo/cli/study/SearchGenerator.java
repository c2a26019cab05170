package dev.drpo.cli.study;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Draws problems. */
final class SearchGenerator {
  private final Variant variant;
  private final double firstIsRight;
  private final boolean asWarmStart;
  private final Random random;

  /**
   * Of a variant.
   *
   * @param firstIsRight probability that the first candidate is the root
   * @param asWarmStart whether facts are drawn by the frequency that the policy learns them with,
   *     instead of from the best known ones
   */
  SearchGenerator(Variant variant, double firstIsRight, boolean asWarmStart, Random random) {
    this.variant = variant;
    this.firstIsRight = firstIsRight;
    this.asWarmStart = asWarmStart;
    this.random = random;
  }

  /** A problem with any number of candidates. */
  SearchProblem next(boolean heldOut) {
    return next(
        heldOut,
        SearchProblem.FEWEST + random.nextInt(SearchProblem.MOST - SearchProblem.FEWEST + 1));
  }

  /** A problem with this many candidates. */
  SearchProblem next(boolean heldOut, int candidates) {
    SearchProblem problem = draw(candidates);
    while (problem.isHeldOut() != heldOut) {
      problem = draw(candidates);
    }
    return problem;
  }

  private SearchProblem draw(int candidates) {
    int a = 2 + random.nextInt(SearchProblem.MODULUS - 2);
    int b = 1 + random.nextInt(SearchProblem.MODULUS - 1);
    List<Integer> xs = distinct(candidates);
    int rank = random.nextDouble() < firstIsRight ? 0 : 1 + random.nextInt(candidates - 1);
    int c = (a * xs.get(rank) + b) % SearchProblem.MODULUS;
    return new SearchProblem(a, b, c, xs, table());
  }

  private OptionalInt table() {
    if (!variant.hasFacts()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        asWarmStart ? Facts.drawByFrequency(random) : random.nextInt(Facts.ASKED));
  }

  private List<Integer> distinct(int count) {
    List<Integer> drawn = new ArrayList<>();
    while (drawn.size() < count) {
      int x = random.nextInt(SearchProblem.MODULUS);
      if (!drawn.contains(x)) {
        drawn.add(x);
      }
    }
    return drawn;
  }
}
