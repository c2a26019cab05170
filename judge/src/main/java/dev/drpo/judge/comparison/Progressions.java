package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer.Progression;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads terms that go on as they began: arithmetic progressions of rational numbers. */
final class Progressions {
  private static final int LEAST_TERMS = 2;
  private static final int MOST_TERMS = 1000;

  private Progressions() {}

  /** The difference between neighbours, if it is the same all along and not zero. */
  private static Optional<Rational> step(List<Rational> terms) {
    if (terms.size() < LEAST_TERMS) {
      return Optional.empty();
    }
    Rational step = terms.get(1).minus(terms.get(0));
    for (int i = 2; i < terms.size(); i++) {
      if (!terms.get(i).minus(terms.get(i - 1)).equals(step)) {
        return Optional.empty();
      }
    }
    return step.isZero() ? Optional.empty() : Optional.of(step);
  }

  /** The set, if it is finite or goes on by ones. */
  static Optional<Strata> set(Progression progression, RealSet.Line line) {
    List<Rational> terms = new ArrayList<>();
    for (Expression term : progression.terms()) {
      Optional<Rational> value = line.rational(term);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      terms.add(value.get());
    }
    Optional<Rational> step = step(terms);
    if (step.isEmpty()) {
      return Optional.empty();
    }
    return progression.last().isPresent()
        ? finite(terms, step.get(), progression, line)
        : infinite(terms, step.get(), progression.backwards());
  }

  private static Optional<Strata> finite(
      List<Rational> terms, Rational step, Progression progression, RealSet.Line line) {
    Optional<Rational> last = line.rational(progression.last().orElseThrow());
    if (last.isEmpty() || progression.backwards()) {
      return Optional.empty();
    }
    Rational count = last.get().minus(terms.getFirst()).dividedBy(step);
    boolean listable =
        count.isInteger()
            && count.compareTo(Rational.of(terms.size())) >= 0
            && count.compareTo(Rational.of(MOST_TERMS)) <= 0;
    if (!listable) {
      return Optional.empty();
    }
    // From the least on, as the line is sorted by insertion.
    Rational term = step.numerator().signum() > 0 ? terms.getFirst() : last.get();
    List<RealSet.Piece> points = new ArrayList<>();
    for (int i = 0; i <= count.numerator().intValue(); i++) {
      points.add(RealSet.Piece.point(new Expression.Number(term)));
      term = term.plus(step.abs());
    }
    return Optional.of(Strata.real(line.of(points)));
  }

  private static Optional<Strata> infinite(List<Rational> terms, Rational step, boolean backwards) {
    boolean integers = terms.getFirst().isInteger() && step.abs().equals(Rational.ONE);
    if (!integers) {
      return Optional.empty();
    }
    Expression first = new Expression.Number(terms.getFirst());
    RealSet range =
        backwards
            ? RealSet.ALL
            : step.numerator().signum() > 0
                ? new RealSet(List.of(new RealSet.Piece(first, true, RealSet.TOP, false)))
                : new RealSet(List.of(new RealSet.Piece(RealSet.BOTTOM, false, first, true)));
    return Optional.of(new Strata(range, RealSet.EMPTY, RealSet.EMPTY, false));
  }
}
