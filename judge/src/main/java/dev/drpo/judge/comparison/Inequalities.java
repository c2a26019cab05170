package dev.drpo.judge.comparison;

import dev.drpo.judge.algebra.RationalFunction;
import dev.drpo.judge.algebra.Roots;
import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.algebra.Unsolvable;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.comparison.RealSet.Piece;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Solves equations and inequalities in one unknown: those of rational functions by their roots and
 * signs, and absolute values by cases.
 */
final class Inequalities {
  private static final int MAX_CASES = 3;

  private final RealSet.Line line;
  private final Roots roots;

  Inequalities(RealSet.Line line, Identity identity, Budget budget) {
    this.line = line;
    this.roots = new Roots(identity, budget);
  }

  /**
   * The real numbers for which a relation holds; empty if no method here finds them.
   *
   * @throws RealSet.Unordered if the ends have no place on the line
   */
  Optional<RealSet> solutions(Expression left, Sign sign, Expression right, String unknown) {
    if (RealSet.isInfinite(left) || RealSet.isInfinite(right)) {
      return beyond(left, sign, right, unknown);
    }
    try {
      Expression difference = new Expression.Sum(List.of(left, new Expression.Negation(right)));
      return Optional.of(solve(difference, sign, unknown, 0));
    } catch (Unsolvable unsolvable) {
      return Optional.empty();
    }
  }

  /** Every number lies between the infinities. */
  private static Optional<RealSet> beyond(
      Expression left, Sign sign, Expression right, String unknown) {
    boolean bare =
        left.equals(new Expression.Symbol(unknown)) || right.equals(new Expression.Symbol(unknown));
    if (!bare) {
      return Optional.empty();
    }
    boolean below = left.equals(RealSet.BOTTOM) || right.equals(RealSet.TOP);
    return switch (sign) {
      case LESS, LESS_OR_EQUAL -> Optional.of(below ? RealSet.ALL : RealSet.EMPTY);
      case GREATER, GREATER_OR_EQUAL -> Optional.of(below ? RealSet.EMPTY : RealSet.ALL);
      case NOT_EQUAL -> Optional.of(RealSet.ALL);
      default -> Optional.empty();
    };
  }

  private RealSet solve(Expression difference, Sign sign, String unknown, int cases) {
    Optional<Expression> absolute =
        Expressions.anyPartThat(difference, part -> isAbsolute(part, unknown));
    if (absolute.isEmpty()) {
      return solve(roots.function(difference, unknown), sign);
    }
    if (cases == MAX_CASES) {
      throw new Unsolvable();
    }
    Expression inside = ((Expression.Call) absolute.get()).argument();
    RealSet positive = solve(inside, Sign.GREATER_OR_EQUAL, unknown, cases + 1);
    RealSet negative = solve(inside, Sign.LESS, unknown, cases + 1);
    Expression asItIs = Substitution.replace(difference, absolute.get(), inside);
    Expression negated =
        Substitution.replace(difference, absolute.get(), new Expression.Negation(inside));
    return line.union(
        line.intersection(positive, solve(asItIs, sign, unknown, cases + 1)),
        line.intersection(negative, solve(negated, sign, unknown, cases + 1)));
  }

  /** Whether a part is an absolute value of the unknown, without another inside it. */
  private static boolean isAbsolute(Expression part, String unknown) {
    return part instanceof Expression.Call(Function function, Expression argument)
        && function == Function.ABS
        && Substitution.symbols(argument).contains(unknown)
        && Expressions.anyPartThat(argument, inner -> isAbsolute(inner, unknown)).isEmpty();
  }

  private RealSet solve(RationalFunction function, Sign sign) {
    List<Boundary> boundaries = new ArrayList<>();
    boolean zero = function.numerator().isZero();
    if (!zero) {
      roots.of(function.numerator()).forEach(root -> insert(root, false, boundaries));
    }
    roots.of(function.denominator()).forEach(root -> insert(root, true, boundaries));
    if (zero) {
      return zeroEverywhere(boundaries, sign);
    }
    int current =
        roots.leadingSign(function.numerator()) * roots.leadingSign(function.denominator());
    List<Piece> pieces = new ArrayList<>();
    Expression high = RealSet.TOP;
    for (Boundary boundary : boundaries.reversed()) {
      if (holds(sign, current)) {
        pieces.add(new Piece(boundary.at, false, high, false));
      }
      if (!boundary.pole && holds(sign, 0)) {
        pieces.add(Piece.point(boundary.at));
      }
      high = boundary.at;
      current = boundary.multiplicity % 2 == 0 ? current : -current;
    }
    if (holds(sign, current)) {
      pieces.add(new Piece(RealSet.BOTTOM, false, high, false));
    }
    return line.of(pieces);
  }

  private RealSet zeroEverywhere(List<Boundary> poles, Sign sign) {
    if (!holds(sign, 0)) {
      return RealSet.EMPTY;
    }
    return line.complement(
        line.of(poles.stream().map(boundary -> Piece.point(boundary.at)).toList()));
  }

  private static boolean holds(Sign sign, int value) {
    return switch (sign) {
      case EQUAL -> value == 0;
      case NOT_EQUAL -> value != 0;
      case LESS -> value < 0;
      case LESS_OR_EQUAL -> value <= 0;
      case GREATER -> value > 0;
      case GREATER_OR_EQUAL -> value >= 0;
      case APPROXIMATELY, ELEMENT_OF, NOT_ELEMENT_OF, CONGRUENT -> throw new Unsolvable();
    };
  }

  /** Where the sign may change. */
  private static final class Boundary {
    private final Expression at;
    private int multiplicity;
    private boolean pole;

    Boundary(Expression at) {
      this.at = at;
    }
  }

  private void insert(Roots.Root root, boolean pole, List<Boundary> boundaries) {
    int place = 0;
    int order = 1;
    while (place < boundaries.size() && order > 0) {
      order = line.compare(root.value(), boundaries.get(place).at);
      place += order > 0 ? 1 : 0;
    }
    if (order != 0) {
      boundaries.add(place, new Boundary(root.value()));
    }
    Boundary boundary = boundaries.get(place);
    boundary.multiplicity += root.multiplicity();
    boundary.pole |= pole;
  }
}
