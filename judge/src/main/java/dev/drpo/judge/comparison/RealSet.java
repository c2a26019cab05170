package dev.drpo.judge.comparison;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.identity.Order;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A set of real numbers as disjoint pieces in ascending order, none of which touch. Two sets are
 * equal exactly if their pieces are.
 */
record RealSet(List<Piece> pieces) {
  static final Expression TOP = Constant.INFINITY;
  static final Expression BOTTOM = new Expression.Negation(Constant.INFINITY);
  static final RealSet EMPTY = new RealSet(List.of());
  static final RealSet ALL = new RealSet(List.of(new Piece(BOTTOM, false, TOP, false)));

  static boolean isInfinite(Expression end) {
    return end.equals(TOP) || end.equals(BOTTOM);
  }

  /** Leaves a computation with ends that have no place on the real line, such as symbols. */
  static final class Unordered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unordered() {
      super(null, null, false, false);
    }
  }

  /** From one end to another, each of them included or not. A point is its own two ends. */
  record Piece(Expression low, boolean lowIncluded, Expression high, boolean highIncluded) {
    static Piece point(Expression value) {
      return new Piece(value, true, value, true);
    }
  }

  /** Operations on sets, which have to compare ends. */
  static final class Line {
    private static final int STEPS_PER_COMPARISON = 40;

    private final Identity identity;
    private final Budget budget;

    Line(Identity identity, Budget budget) {
      this.identity = identity;
      this.budget = budget;
    }

    int compare(Expression left, Expression right) {
      budget.spend(STEPS_PER_COMPARISON);
      Order order = identity.order(left, right);
      return switch (order) {
        case LESS -> -1;
        case EQUAL -> 0;
        case GREATER -> 1;
        case INCOMPARABLE -> throw new Unordered();
      };
    }

    Optional<Rational> rational(Expression end) {
      return identity.rational(end);
    }

    RealSet of(List<Piece> pieces) {
      List<Piece> sorted = new ArrayList<>();
      for (Piece piece : pieces) {
        if (isBeyond(piece)) {
          // Infinity is no number: neither a point, nor an end that a set of reals includes.
          throw new Unordered();
        }
        int ends = compare(piece.low(), piece.high());
        if (ends < 0 || (ends == 0 && piece.lowIncluded() && piece.highIncluded())) {
          insert(piece, sorted);
        }
      }
      List<Piece> merged = new ArrayList<>();
      for (Piece piece : sorted) {
        if (merged.isEmpty() || !meets(merged.getLast(), piece)) {
          merged.add(piece);
        } else {
          merged.add(joined(merged.removeLast(), piece));
        }
      }
      return new RealSet(List.copyOf(merged));
    }

    private static boolean isBeyond(Piece piece) {
      return piece.low().equals(TOP)
          || piece.high().equals(BOTTOM)
          || (piece.lowIncluded() && isInfinite(piece.low()))
          || (piece.highIncluded() && isInfinite(piece.high()));
    }

    private void insert(Piece piece, List<Piece> sorted) {
      int place = sorted.size();
      while (place > 0 && startsBefore(piece, sorted.get(place - 1))) {
        place--;
      }
      sorted.add(place, piece);
    }

    private boolean startsBefore(Piece one, Piece other) {
      int low = compare(one.low(), other.low());
      return low < 0 || (low == 0 && one.lowIncluded() && !other.lowIncluded());
    }

    private boolean meets(Piece first, Piece second) {
      int gap = compare(first.high(), second.low());
      return gap > 0 || (gap == 0 && (first.highIncluded() || second.lowIncluded()));
    }

    private Piece joined(Piece first, Piece second) {
      int high = compare(first.high(), second.high());
      boolean included =
          high > 0
              ? first.highIncluded()
              : high < 0 ? second.highIncluded() : first.highIncluded() || second.highIncluded();
      return new Piece(
          first.low(), first.lowIncluded(), high >= 0 ? first.high() : second.high(), included);
    }

    RealSet union(RealSet one, RealSet other) {
      List<Piece> all = new ArrayList<>(one.pieces());
      all.addAll(other.pieces());
      return of(all);
    }

    RealSet intersection(RealSet one, RealSet other) {
      List<Piece> common = new ArrayList<>();
      for (Piece left : one.pieces()) {
        for (Piece right : other.pieces()) {
          int low = compare(left.low(), right.low());
          int high = compare(left.high(), right.high());
          common.add(
              new Piece(
                  low >= 0 ? left.low() : right.low(),
                  low == 0
                      ? left.lowIncluded() && right.lowIncluded()
                      : low > 0 ? left.lowIncluded() : right.lowIncluded(),
                  high <= 0 ? left.high() : right.high(),
                  high == 0
                      ? left.highIncluded() && right.highIncluded()
                      : high < 0 ? left.highIncluded() : right.highIncluded()));
        }
      }
      return of(common);
    }

    RealSet complement(RealSet set) {
      List<Piece> gaps = new ArrayList<>();
      Expression low = BOTTOM;
      boolean lowIncluded = false;
      for (Piece piece : set.pieces()) {
        if (!piece.low().equals(BOTTOM)) {
          gaps.add(new Piece(low, lowIncluded, piece.low(), !piece.lowIncluded()));
        }
        low = piece.high();
        lowIncluded = !piece.highIncluded();
      }
      if (!low.equals(TOP)) {
        gaps.add(new Piece(low, lowIncluded, TOP, false));
      }
      return of(gaps);
    }

    boolean areEqual(RealSet one, RealSet other) {
      if (one.pieces().size() != other.pieces().size()) {
        return false;
      }
      for (int i = 0; i < one.pieces().size(); i++) {
        Piece left = one.pieces().get(i);
        Piece right = other.pieces().get(i);
        if (left.lowIncluded() != right.lowIncluded()
            || left.highIncluded() != right.highIncluded()
            || compare(left.low(), right.low()) != 0
            || compare(left.high(), right.high()) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
