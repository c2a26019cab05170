package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.verdict.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads answers as sets of real numbers, and compares them as such. */
final class RealSets {
  private final RealSet.Line line;
  private final NormalForm normalForm;
  private final Trace trace;

  RealSets(Identity identity, Budget budget, NormalForm normalForm, Trace trace) {
    this.line = new RealSet.Line(identity, budget);
    this.normalForm = normalForm;
    this.trace = trace;
  }

  /** Whether an answer can only be a set, so that the other side is read as one, too. */
  static boolean isSet(Answer answer) {
    return switch (answer) {
      case Combination combination -> true;
      case NumberSet set -> true;
      case Relation relation -> isInequality(relation) || isMembership(relation);

      case Bracketed bracketed ->
          bracketed.elements().size() == 2
              && bracketed.elements().stream().anyMatch(RealSets::isInfinite);
      default -> false;
    };
  }

  private static boolean isInfinite(Answer end) {
    return end instanceof Scalar(Expression value, var unit)
        && (value.equals(RealSet.TOP) || value.equals(RealSet.BOTTOM));
  }

  static boolean isInequality(Relation relation) {
    return relation.signs().stream()
        .allMatch(
            sign ->
                switch (sign) {
                  case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, NOT_EQUAL -> true;
                  case EQUAL, APPROXIMATELY, ELEMENT_OF -> false;
                });
  }

  private static boolean isMembership(Relation relation) {
    return relation.signs().equals(List.of(Sign.ELEMENT_OF));
  }

  /** Compares two answers as sets; empty if one can't be read as a set of reals. */
  Optional<Decision> compare(Answer gold, Answer answer) {
    try {
      Optional<RealSet> left = read(gold);
      Optional<RealSet> right = read(answer);
      if (left.isEmpty() || right.isEmpty()) {
        return Optional.empty();
      }
      trace.note("sets", () -> "the gold is " + told(left.get()));
      trace.note("sets", () -> "the answer is " + told(right.get()));
      return Optional.of(
          line.areEqual(left.get(), right.get())
              ? equal(Rule.EQUAL_SETS)
              : different(Rule.DIFFERENT_SETS));
    } catch (RealSet.Unordered unordered) {
      return Optional.empty();
    }
  }

  private String told(RealSet set) {
    return set.pieces().isEmpty()
        ? "empty"
        : set.pieces().stream()
            .map(
                piece ->
                    (piece.lowIncluded() ? "[" : "(")
                        + normalForm.of(piece.low())
                        + ", "
                        + normalForm.of(piece.high())
                        + (piece.highIncluded() ? "]" : ")"))
            .collect(Collectors.joining(" union "));
  }

  /** As {@link #compare}, for relations that must be about one symbol. */
  Optional<Decision> compareOfSameSymbol(Relation gold, Relation answer) {
    Optional<Symbol> left = symbol(gold);
    return left.isPresent() && left.equals(symbol(answer))
        ? compare(gold, answer)
        : Optional.empty();
  }

  private static Optional<Symbol> symbol(Relation relation) {
    List<Symbol> symbols =
        relation.members().stream()
            .filter(member -> member instanceof Scalar(Symbol symbol, var unit))
            .map(member -> (Symbol) ((Scalar) member).value())
            .toList();
    return symbols.size() == 1 ? Optional.of(symbols.getFirst()) : Optional.empty();
  }

  private Optional<RealSet> read(Answer answer) {
    return switch (answer) {
      case NumberSet(String name) -> name.equals("R") ? Optional.of(RealSet.ALL) : Optional.empty();
      case Bracketed bracketed when bracketed.elements().size() == 2 -> interval(bracketed);
      case Listing listing
          when listing.elements().stream().allMatch(element -> element instanceof Scalar) ->
          listed(listing.elements());
      case Scalar(Expression value, var unit) when unit.isNone() ->
          Optional.of(line.of(List.of(RealSet.Piece.point(value))));
      case Combination combination -> combined(combination);
      case Relation relation when isMembership(relation) -> read(relation.members().getLast());
      case Relation relation when isInequality(relation) -> inequality(relation);
      default -> Optional.empty();
    };
  }

  private Optional<RealSet> interval(Bracketed bracketed) {
    if (bracketed.elements().getFirst() instanceof Scalar(Expression low, var unit)
        && bracketed.elements().getLast() instanceof Scalar(Expression high, var other)
        && unit.isNone()
        && other.isNone()) {
      return Optional.of(
          line.of(
              List.of(
                  new RealSet.Piece(
                      low,
                      bracketed.open() == Bracket.SQUARE,
                      high,
                      bracketed.close() == Bracket.SQUARE))));
    }
    return Optional.empty();
  }

  private Optional<RealSet> listed(List<Answer> elements) {
    RealSet all = RealSet.EMPTY;
    for (Answer element : elements) {
      Optional<RealSet> set = read(element);
      if (set.isEmpty()) {
        return set;
      }
      all = line.union(all, set.get());
    }
    return Optional.of(all);
  }

  private Optional<RealSet> combined(Combination combination) {
    Optional<RealSet> left = read(combination.left());
    Optional<RealSet> right = read(combination.right());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (combination.operation()) {
          case UNION -> line.union(left.get(), right.get());
          case INTERSECTION -> line.intersection(left.get(), right.get());
          case DIFFERENCE -> line.intersection(left.get(), line.complement(right.get()));
        });
  }

  /** The values of the one symbol that satisfy a chain of inequalities with constants. */
  private Optional<RealSet> inequality(Relation relation) {
    Optional<Symbol> symbol = symbol(relation);
    if (symbol.isEmpty()) {
      return Optional.empty();
    }
    List<Answer> members = relation.members();
    RealSet values = RealSet.ALL;
    for (int i = 0; i < relation.signs().size(); i++) {
      if (!(members.get(i) instanceof Scalar(Expression left, var unit)
          && members.get(i + 1) instanceof Scalar(Expression right, var other)
          && unit.isNone()
          && other.isNone())) {
        return Optional.empty();
      }
      Sign sign = relation.signs().get(i);
      boolean symbolLeft = left.equals(symbol.get());
      if (!symbolLeft && !right.equals(symbol.get())) {
        return Optional.empty();
      }
      values =
          line.intersection(
              values, symbolLeft ? satisfying(sign, right) : satisfying(mirrored(sign), left));
    }
    return Optional.of(values);
  }

  private static Sign mirrored(Sign sign) {
    return switch (sign) {
      case LESS -> Sign.GREATER;
      case LESS_OR_EQUAL -> Sign.GREATER_OR_EQUAL;
      case GREATER -> Sign.LESS;
      case GREATER_OR_EQUAL -> Sign.LESS_OR_EQUAL;
      case EQUAL, APPROXIMATELY, NOT_EQUAL, ELEMENT_OF -> sign;
    };
  }

  private RealSet satisfying(Sign sign, Expression bound) {
    List<RealSet.Piece> pieces = new ArrayList<>();
    switch (sign) {
      case LESS, LESS_OR_EQUAL ->
          pieces.add(new RealSet.Piece(RealSet.BOTTOM, false, bound, sign == Sign.LESS_OR_EQUAL));
      case GREATER, GREATER_OR_EQUAL ->
          pieces.add(new RealSet.Piece(bound, sign == Sign.GREATER_OR_EQUAL, RealSet.TOP, false));
      case NOT_EQUAL -> {
        pieces.add(new RealSet.Piece(RealSet.BOTTOM, false, bound, false));
        pieces.add(new RealSet.Piece(bound, false, RealSet.TOP, false));
      }
      case EQUAL, APPROXIMATELY, ELEMENT_OF -> pieces.add(RealSet.Piece.point(bound));
    }
    return line.of(pieces);
  }
}
