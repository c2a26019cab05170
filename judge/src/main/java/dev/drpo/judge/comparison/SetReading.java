package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Symbol;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads answers as sets of numbers; empty for what is none. */
final class SetReading {
  private final RealSet.Line line;
  private final Inequalities inequalities;
  private final RealSet naturals;
  private boolean sawNaturals;

  /** What the conditions read so far are about: of two names, they make no set of numbers. */
  private final Set<String> unknowns = new HashSet<>();

  SetReading(RealSet.Line line, Inequalities inequalities, RealSet naturals) {
    this.line = line;
    this.inequalities = inequalities;
    this.naturals = naturals;
  }

  /** Whether a set was read that depends on what the natural numbers begin with. */
  boolean sawNaturals() {
    return sawNaturals;
  }

  /** The set that a whole answer is. */
  Optional<Strata> whole(Answer answer) {
    unknowns.clear();
    Optional<Strata> set = read(answer);
    return unknowns.size() > 1 ? Optional.empty() : set;
  }

  private Optional<Strata> read(Answer answer) {
    return switch (answer) {
      case NumberSet(String name) -> {
        sawNaturals |= name.equals("N");
        yield Strata.named(name, naturals);
      }
      case Bracketed bracketed when bracketed.elements().size() == 2 -> interval(bracketed);
      case Listing listing
          when listing.elements().stream().allMatch(element -> element instanceof Scalar) ->
          listed(listing.elements());
      case Scalar(Expression value, Unit unit) when unit.isNone() ->
          Optional.of(Strata.real(line.of(List.of(RealSet.Piece.point(value)))));
      case Combination combination -> combined(combination);
      case Relation relation when relation.signs().contains(Sign.ELEMENT_OF) -> member(relation);
      case Relation relation when relation.signs().contains(Sign.NOT_ELEMENT_OF) ->
          member(relation).map(set -> Strata.real(RealSet.ALL).without(set, line));
      case Relation relation when RealSets.isInequality(relation) ->
          RealSets.symbol(relation)
              .flatMap(
                  symbol -> {
                    unknowns.add(symbol.name());
                    return chain(relation, symbol);
                  });
      case Answer.SetBuilder(String variable, Answer base, Answer condition) ->
          read(base)
              .flatMap(
                  set ->
                      condition(condition, new Symbol(variable))
                          .map(met -> set.intersection(met, line)));
      case Answer.Progression progression -> Progressions.set(progression, line);
      default -> Optional.empty();
    };
  }

  /** The numbers that meet a condition on a symbol. */
  private Optional<Strata> condition(Answer condition, Symbol symbol) {
    return switch (condition) {
      case Relation relation when relation.members().getFirst().equals(Scalar.of(symbol)) -> {
        boolean membership =
            relation.signs().contains(Sign.ELEMENT_OF)
                || relation.signs().contains(Sign.NOT_ELEMENT_OF);
        yield membership ? bound(relation) : chain(relation, symbol);
      }
      case Relation relation -> chain(relation, symbol);
      case Combination(var operation, Answer left, Answer right) ->
          condition(left, symbol)
              .flatMap(
                  one ->
                      condition(right, symbol)
                          .map(
                              other ->
                                  switch (operation) {
                                    case UNION -> one.union(other, line);
                                    case INTERSECTION -> one.intersection(other, line);
                                    case DIFFERENCE -> one.without(other, line);
                                  }));
      // Conditions beside each other hold together, unless "or" stands between them.
      case Listing listing -> {
        Strata all = Strata.real(listing.alternatives() ? RealSet.EMPTY : RealSet.ALL);
        for (Answer element : listing.elements()) {
          Optional<Strata> met = condition(element, symbol);
          if (met.isEmpty()) {
            yield met;
          }
          all =
              listing.alternatives()
                  ? all.union(met.get(), line)
                  : all.intersection(met.get(), line);
        }
        yield Optional.of(all);
      }
      default -> Optional.empty();
    };
  }

  /** A membership of a bound name, which is nobody else's. */
  private Optional<Strata> bound(Relation relation) {
    Set<String> outer = Set.copyOf(unknowns);
    Optional<Strata> set = read(relation);
    unknowns.retainAll(outer);
    return set;
  }

  private Optional<Strata> member(Relation relation) {
    if (relation.members().getFirst() instanceof Scalar(Symbol(String name), Unit _)) {
      unknowns.add(name);
    }
    return relation.signs().size() == 1 ? read(relation.members().getLast()) : Optional.empty();
  }

  private Optional<Strata> interval(Bracketed bracketed) {
    if (bracketed.elements().getFirst() instanceof Scalar(Expression low, Unit unit)
        && bracketed.elements().getLast() instanceof Scalar(Expression high, Unit other)
        && unit.isNone()
        && other.isNone()) {
      return Optional.of(
          Strata.real(
              line.of(
                  List.of(
                      new RealSet.Piece(
                          low,
                          bracketed.open() == Bracket.SQUARE,
                          high,
                          bracketed.close() == Bracket.SQUARE)))));
    }
    return Optional.empty();
  }

  private Optional<Strata> listed(List<Answer> elements) {
    Strata all = Strata.real(RealSet.EMPTY);
    for (Answer element : elements) {
      Optional<Strata> set = read(element);
      if (set.isEmpty()) {
        return set;
      }
      all = all.union(set.get(), line);
    }
    return Optional.of(all);
  }

  private Optional<Strata> combined(Combination combination) {
    Optional<Strata> left = read(combination.left());
    Optional<Strata> right = read(combination.right());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (combination.operation()) {
          case UNION -> left.get().union(right.get(), line);
          case INTERSECTION -> left.get().intersection(right.get(), line);
          case DIFFERENCE -> left.get().without(right.get(), line);
        });
  }

  /** The values of the one symbol for which every relation of a chain holds. */
  private Optional<Strata> chain(Relation relation, Symbol symbol) {
    List<Answer> members = relation.members();
    RealSet values = RealSet.ALL;
    for (int i = 0; i < relation.signs().size(); i++) {
      if (!(members.get(i) instanceof Scalar(Expression left, Unit unit)
          && members.get(i + 1) instanceof Scalar(Expression right, Unit other)
          && unit.isNone()
          && other.isNone())) {
        return Optional.empty();
      }
      Optional<RealSet> solved =
          inequalities.solutions(left, relation.signs().get(i), right, symbol.name());
      if (solved.isEmpty()) {
        return Optional.empty();
      }
      values = line.intersection(values, solved.get());
    }
    return Optional.of(Strata.real(values));
  }
}
