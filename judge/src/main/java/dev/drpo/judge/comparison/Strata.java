package dev.drpo.judge.comparison;

import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * A set of numbers, by what it holds of three strata that make up the real line. Every stratum of
 * it is a set of reals of which only the stratum's own numbers count.
 *
 * @param fractions of the rational numbers that are no integers
 * @param nonReal whether it holds all complex numbers that aren't real, or none of them
 */
record Strata(RealSet integers, RealSet fractions, RealSet irrationals, boolean nonReal) {

  static Strata real(RealSet set) {
    return new Strata(set, set, set, false);
  }

  /**
   * The set that a letter names.
   *
   * @param naturals the integers that count as natural numbers
   */
  static Optional<Strata> named(String name, RealSet naturals) {
    RealSet none = RealSet.EMPTY;
    RealSet all = RealSet.ALL;
    return switch (name) {
      case "N" -> Optional.of(new Strata(naturals, none, none, false));
      case "Z" -> Optional.of(new Strata(all, none, none, false));
      case "Q" -> Optional.of(new Strata(all, all, none, false));
      case "R" -> Optional.of(real(all));
      case "C" -> Optional.of(new Strata(all, all, all, true));
      default -> Optional.empty();
    };
  }

  /** Whether the strata don't count: it is a set of reals like any interval. */
  boolean isPlain() {
    return !nonReal && integers.equals(fractions) && fractions.equals(irrationals);
  }

  Strata union(Strata other, RealSet.Line line) {
    return combined(other, line::union, nonReal || other.nonReal);
  }

  Strata intersection(Strata other, RealSet.Line line) {
    return combined(other, line::intersection, nonReal && other.nonReal);
  }

  Strata without(Strata other, RealSet.Line line) {
    return combined(
        other,
        (one, removed) -> line.intersection(one, line.complement(removed)),
        nonReal && !other.nonReal);
  }

  private Strata combined(Strata other, BinaryOperator<RealSet> operation, boolean others) {
    RealSet first = operation.apply(integers, other.integers);
    if (isPlain() && other.isPlain()) {
      return new Strata(first, first, first, others);
    }
    return new Strata(
        first,
        operation.apply(fractions, other.fractions),
        operation.apply(irrationals, other.irrationals),
        others);
  }
}
