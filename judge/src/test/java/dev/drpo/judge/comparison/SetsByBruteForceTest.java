package dev.drpo.judge.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Sets against their members on a grid that holds every end, a point between every two ends, and
 * stands for the rational numbers; multiples of an irrational number stand for the others.
 */
class SetsByBruteForceTest {
  private static final int REACH = 6;

  private final Judge judge = new Judge(Limits.DEFAULT);

  /** A set as written, and whether it holds a multiple of one half; ends are integers. */
  private record Sample(String text, Predicate<Point> holds) {}

  private record Point(double value, boolean integer, boolean rational) {}

  private static final List<Point> POINTS =
      IntStream.rangeClosed(-4 * REACH, 4 * REACH)
          .mapToObj(quarter -> new Point(quarter / 4.0, quarter % 4 == 0, quarter % 2 == 0))
          .toList();

  @Property(tries = 400)
  void combinationsAreEqualExactlyIfTheirMembersAre(@ForAll long one, @ForAll long other) {
    Sample left = sample(new SplittableRandom(one), 2);
    Sample right = sample(new SplittableRandom(other), 2);
    boolean same = POINTS.stream().allMatch(p -> left.holds.test(p) == right.holds.test(p));
    assertVerdict(left.text, right.text, same);
    assertVerdict(left.text, listed(left), true);
  }

  @Property(tries = 150)
  void inequalitiesAreSolvedAsTheirValuesSay(
      @ForAll @IntRange(min = -3, max = 3) int a,
      @ForAll @IntRange(min = -3, max = 3) int b,
      @ForAll @IntRange(min = -3, max = 3) int c,
      @ForAll @IntRange(min = 0, max = 3) int form) {
    // Roots are integers, so that the grid holds all ends.
    String text =
        switch (form) {
          case 0 -> "(x-(%d))(x-(%d))(x-(%d))>0".formatted(a, b, c);
          case 1 -> "\\frac{(x-(%d))(x-(%d))}{x-(%d)}\\ge0".formatted(a, b, c);
          case 2 -> "|x-(%d)|\\le %d".formatted(a, Math.abs(b));
          default -> "(x-(%d))^2>%d".formatted(a, c * c);
        };
    DoublePredicate holds =
        switch (form) {
          case 0 -> x -> (x - a) * (x - b) * (x - c) > 0;
          case 1 -> x -> x != c && (x - a) * (x - b) / (x - c) >= 0;
          case 2 -> x -> Math.abs(x - a) <= Math.abs(b);
          default -> x -> (x - a) * (x - a) > c * c;
        };
    Sample sample = new Sample(text, point -> holds.test(point.value));
    assertVerdict(text, listed(sample), true);
    Sample moved = new Sample(text, point -> holds.test(point.value - 1));
    boolean same = POINTS.stream().allMatch(p -> sample.holds.test(p) == moved.holds.test(p));
    assertVerdict(text, listed(moved), same);
  }

  private void assertVerdict(String left, String right, boolean same) {
    Verdict verdict = judge.compare(left, right, Conventions.DEFAULT);
    assertThat(verdict)
        .as("%s against %s", left, right)
        .isInstanceOf(same ? Verdict.Equal.class : Verdict.NotEqual.class);
  }

  private static Sample sample(SplittableRandom random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      int low = random.nextInt(-3, 3);
      int high = low + 1 + random.nextInt(3);
      return switch (random.nextInt(6)) {
        case 0 -> new Sample("\\mathbb{Z}", p -> p.integer);
        case 1 -> new Sample("\\mathbb{Q}", p -> p.rational);
        case 2 ->
            new Sample("\\{%d,%d\\}".formatted(low, high), p -> p.value == low || p.value == high);
        case 3 -> new Sample("(%d,%d)".formatted(low, high), p -> p.value > low && p.value < high);
        case 4 -> new Sample("[%d,%d)".formatted(low, high), p -> p.value >= low && p.value < high);
        default -> new Sample("(-\\infty,%d]".formatted(high), p -> p.value <= high);
      };
    }
    Sample left = sample(random, depth - 1);
    Sample right = sample(random, depth - 1);
    return switch (random.nextInt(3)) {
      case 0 ->
          new Sample(
              "(" + left.text + "\\cup " + right.text + ")",
              p -> left.holds.test(p) || right.holds.test(p));
      case 1 ->
          new Sample(
              "(" + left.text + "\\cap " + right.text + ")",
              p -> left.holds.test(p) && right.holds.test(p));
      default ->
          new Sample(
              "(" + left.text + "\\setminus " + right.text + ")",
              p -> left.holds.test(p) && !right.holds.test(p));
    };
  }

  /** The set as pieces between neighbouring integers, by what the grid says about them. */
  private static String listed(Sample sample) {
    List<String> pieces = new ArrayList<>();
    pieces.add("\\emptyset");
    for (int low = -REACH; low <= REACH; low++) {
      int from = low;
      if (sample.holds.test(new Point(low, true, true))) {
        pieces.add("\\{" + low + "\\}");
      }
      boolean rational = sample.holds.test(new Point(low + 0.5, false, true));
      boolean irrational = sample.holds.test(new Point(low + 0.25, false, false));
      String interval = interval(from);
      if (rational && irrational) {
        pieces.add(interval);
      } else if (rational) {
        pieces.add("(\\mathbb{Q}\\cap " + interval + ")");
      } else if (irrational) {
        pieces.add("(" + interval + "\\setminus\\mathbb{Q})");
      }
    }
    if (sample.holds.test(new Point(-REACH - 1, true, true))) {
      pieces.add("(\\mathbb{Z}\\cap(-\\infty,%d))".formatted(-REACH));
    }
    if (sample.holds.test(new Point(REACH + 1, true, true))) {
      pieces.add("(\\mathbb{Z}\\cap(%d,\\infty))".formatted(REACH));
    }
    boolean below = sample.holds.test(new Point(-REACH - 0.5, false, true));
    if (below) {
      pieces.add("((\\mathbb{Q}\\setminus\\mathbb{Z})\\cap(-\\infty,%d))".formatted(-REACH));
    }
    if (sample.holds.test(new Point(-REACH - 0.25, false, false))) {
      pieces.add("((-\\infty,%d)\\setminus\\mathbb{Q})".formatted(-REACH));
    }
    return pieces.stream().collect(Collectors.joining("\\cup "));
  }

  private static String interval(int low) {
    return low == REACH
        ? "((%d,\\infty)\\setminus\\mathbb{Z})".formatted(low)
        : "(%d,%d)".formatted(low, low + 1);
  }
}
