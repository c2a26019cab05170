package dev.drpo.judge.comparison;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Piecewise;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.comparison.RealSet.Piece;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares functions of one real unknown interval by interval. On each, an absolute value of the
 * unknown is what it is there, after cutting the interval where what stands inside changes sign.
 */
final class Pieces {
  /** Every absolute value may cut an interval; more of them are left undecided. */
  private static final int MAX_CUTS = 12;

  private static final Expression ZERO = new Expression.Number(Rational.ZERO);
  private static final Expression TWO = new Expression.Number(Rational.of(BigInteger.TWO));

  private final RealSets sets;
  private final RealSet.Line line;
  private final Inequalities inequalities;
  private final Identity identity;
  private int cuts;

  /** What a function is on a set. */
  private record Part(Expression value, RealSet where) {}

  /** Leaves a comparison that no method here decides. */
  private static final class Open extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Open() {
      super(null, null, false, false);
    }
  }

  Pieces(RealSets sets, RealSet.Line line, Inequalities inequalities, Identity identity) {
    this.sets = sets;
    this.line = line;
    this.inequalities = inequalities;
    this.identity = identity;
  }

  /**
   * Whether two functions are the same, of which one is by pieces and the other as well or a
   * formula; empty if that can't be decided.
   */
  Optional<Boolean> areSame(Answer left, Answer right) {
    try {
      Symbol unknown = unknown(left, right);
      List<Part> one = parts(left, unknown);
      List<Part> other = parts(right, unknown);
      if (!line.areEqual(domain(one), domain(other))) {
        // A formula without value where the pieces have none may still be the same function.
        throw new Open();
      }
      for (Part part : one) {
        for (Part counterpart : other) {
          RealSet common = line.intersection(part.where, counterpart.where);
          for (Piece piece : common.pieces()) {
            if (!areSame(part.value, counterpart.value, piece, unknown)) {
              return Optional.of(false);
            }
          }
        }
      }
      return Optional.of(true);
    } catch (Open | RealSet.Unordered open) {
      return Optional.empty();
    }
  }

  private static Symbol unknown(Answer left, Answer right) {
    Set<String> names = new TreeSet<>();
    for (Answer side : List.of(left, right)) {
      if (side instanceof Piecewise function) {
        function.conditions().forEach(condition -> collect(condition, names));
      }
    }
    if (names.size() != 1) {
      throw new Open();
    }
    return new Symbol(names.iterator().next());
  }

  private static void collect(Answer condition, Set<String> names) {
    switch (condition) {
      case Combination combination -> {
        collect(combination.left(), names);
        collect(combination.right(), names);
      }
      case Listing listing -> listing.elements().forEach(element -> collect(element, names));
      case Relation relation -> relation.members().forEach(member -> collect(member, names));
      case Scalar scalar -> names.addAll(Substitution.symbols(scalar.value()));
      default -> {}
    }
  }

  private List<Part> parts(Answer function, Symbol unknown) {
    if (function instanceof Scalar formula) {
      return List.of(new Part(value(formula), RealSet.ALL));
    }
    if (!(function instanceof Piecewise pieces)) {
      throw new Open();
    }
    List<Part> parts = new ArrayList<>();
    RealSet before = RealSet.EMPTY;
    for (int i = 0; i < pieces.values().size(); i++) {
      RealSet where = sets.where(pieces.conditions().get(i), unknown).orElseThrow(Open::new);
      if (!line.intersection(before, where).pieces().isEmpty()) {
        // Pieces that overlap are a function only if they agree there, which isn't looked into.
        throw new Open();
      }
      before = line.union(before, where);
      parts.add(new Part(value(pieces.values().get(i)), where));
    }
    return parts;
  }

  /** A value with the real root of a square as the absolute value that it is. */
  private static Expression value(Answer answer) {
    if (!(answer instanceof Scalar(Expression value, var unit))
        || !unit.isNone()
        || Terms.has(value, Constant.I::equals)) {
      throw new Open();
    }
    return Terms.rewrite(
        value,
        part ->
            part instanceof Expression.Root(Expression degree, Expression.Power(var base, var two))
                    && degree.equals(TWO)
                    && two.equals(TWO)
                ? new Expression.Call(Function.ABS, base)
                : part);
  }

  private RealSet domain(List<Part> parts) {
    return parts.stream().map(Part::where).reduce(RealSet.EMPTY, line::union);
  }

  private boolean areSame(Expression one, Expression other, Piece piece, Symbol unknown) {
    if (piece.low().equals(piece.high())) {
      return agree(
          Substitution.replace(one, unknown, piece.low()),
          Substitution.replace(other, unknown, piece.low()),
          true);
    }
    Optional<Expression> inside = absolute(one, unknown).or(() -> absolute(other, unknown));
    if (inside.isEmpty()) {
      return agree(one, other, isRational(one) && isRational(other));
    }
    if (++cuts > MAX_CUTS) {
      throw new Open();
    }
    RealSet whole = new RealSet(List.of(piece));
    RealSet positive =
        inequalities
            .solutions(inside.get(), Sign.GREATER_OR_EQUAL, ZERO, unknown.name())
            .orElseThrow(Open::new);
    return areSame(one, other, inside.get(), inside.get(), within(whole, positive), unknown)
        && areSame(
            one,
            other,
            inside.get(),
            new Expression.Negation(inside.get()),
            within(whole, line.complement(positive)),
            unknown);
  }

  private RealSet within(RealSet whole, RealSet part) {
    return line.intersection(whole, part);
  }

  /** Compares on a set where the absolute value of what is inside is known. */
  private boolean areSame(
      Expression one,
      Expression other,
      Expression inside,
      Expression resolved,
      RealSet where,
      Symbol unknown) {
    Expression absolute = new Expression.Call(Function.ABS, inside);
    Expression left = Substitution.replace(one, absolute, resolved);
    Expression right = Substitution.replace(other, absolute, resolved);
    return where.pieces().stream().allMatch(piece -> areSame(left, right, piece, unknown));
  }

  /** What stands inside an absolute value of the unknown that holds no other. */
  private static Optional<Expression> absolute(Expression whole, Symbol unknown) {
    return Expressions.anyPartThat(
            whole, part -> isAbsolute(part, unknown) && !holdsAnother(part, unknown))
        .map(part -> ((Expression.Call) part).argument());
  }

  private static boolean isAbsolute(Expression part, Symbol unknown) {
    return part instanceof Expression.Call(Function function, Expression argument)
        && function == Function.ABS
        && Terms.has(argument, unknown::equals);
  }

  private static boolean holdsAnother(Expression absolute, Symbol unknown) {
    return Terms.has(((Expression.Call) absolute).argument(), inner -> isAbsolute(inner, unknown));
  }

  /** Whether two formulas that differ somewhere differ on every interval. */
  private static boolean isRational(Expression expression) {
    return !Terms.has(
        expression,
        part ->
            switch (part) {
              case Expression.Number _, Expression.Symbol _, Expression.Sum _ -> false;
              case Constant constant -> constant == Constant.INFINITY;
              case Expression.Product _, Expression.Negation _, Expression.Quotient _ -> false;
              case Expression.Power(Expression _, Expression exponent) ->
                  !(exponent instanceof Expression.Number(Rational value) && value.isInteger());
              default -> true;
            });
  }

  private boolean agree(Expression one, Expression other, boolean tellsApart) {
    // Decimals may be rounded, and values that are not computed may be any.
    boolean decidesDifference = tellsApart && !isVague(one) && !isVague(other);
    Agreement.Outcome outcome = identity.agreement(one, other).outcome();
    if (outcome == Agreement.Outcome.SAME) {
      return true;
    }
    if (outcome == Agreement.Outcome.DIFFERENT && decidesDifference) {
      return false;
    }
    throw new Open();
  }

  private static boolean isVague(Expression expression) {
    return Terms.has(
        expression,
        part ->
            part instanceof Expression.Decimal
                || (part instanceof Symbol(String name) && name.startsWith(Symbol.UNDECIDED)));
  }
}
