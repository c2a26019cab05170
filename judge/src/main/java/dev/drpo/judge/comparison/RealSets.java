package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.verdict.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads answers as sets of real numbers, and compares them as such. */
final class RealSets {
  private static final RealSet POSITIVE = from(Rational.ONE);
  private static final RealSet NOT_NEGATIVE = from(Rational.ZERO);

  private final RealSet.Line line;
  private final Inequalities inequalities;
  private final Stratification stratification;
  private final NormalForm normalForm;
  private final Trace trace;
  private SetReading reading;

  RealSets(Identity identity, Budget budget, NormalForm normalForm, Trace trace) {
    this.line = new RealSet.Line(identity, budget);
    this.inequalities = new Inequalities(line, identity, budget);
    this.stratification = new Stratification(line, identity);
    this.reading = new SetReading(line, inequalities, POSITIVE);
    this.normalForm = normalForm;
    this.trace = trace;
  }

  private static RealSet from(Rational least) {
    return new RealSet(
        List.of(new RealSet.Piece(new Expression.Number(least), true, RealSet.TOP, false)));
  }

  /** Whether an answer can only be a set, so that the other side is read as one, too. */
  static boolean isSet(Answer answer) {
    return switch (answer) {
      case Combination combination -> true;
      case NumberSet set -> true;
      case Answer.SetBuilder set -> true;
      case Answer.Progression progression -> true;
      case Relation relation -> isInequality(relation) || isMembership(relation);

      case Bracketed bracketed ->
          bracketed.elements().size() == 2
              && bracketed.elements().stream().anyMatch(RealSets::isInfinite);
      default -> false;
    };
  }

  private static boolean isInfinite(Answer end) {
    return end instanceof Scalar(Expression value, var unit) && RealSet.isInfinite(value);
  }

  static boolean isInequality(Relation relation) {
    return relation.signs().stream()
        .allMatch(
            sign ->
                switch (sign) {
                  case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, NOT_EQUAL -> true;
                  case EQUAL, APPROXIMATELY, ELEMENT_OF, NOT_ELEMENT_OF, CONGRUENT -> false;
                });
  }

  private static boolean isMembership(Relation relation) {
    return relation.signs().equals(List.of(Sign.ELEMENT_OF))
        || relation.signs().equals(List.of(Sign.NOT_ELEMENT_OF));
  }

  /** Compares two answers as sets; empty if one can't be read as a set of numbers. */
  Optional<Decision> compare(Answer gold, Answer answer) {
    try {
      Optional<Decision> fromOne = compare(gold, answer, POSITIVE);
      boolean natural = reading.sawNaturals();
      if (fromOne.isEmpty() || !natural) {
        return fromOne;
      }
      // Some begin the natural numbers with zero: only what holds either way is decided.
      return compare(gold, answer, NOT_NEGATIVE)
          .map(
              fromZero ->
                  fromZero.equals(fromOne.get())
                      ? fromZero
                      : new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED));
    } catch (RealSet.Unordered unordered) {
      return Optional.empty();
    }
  }

  private Optional<Decision> compare(Answer gold, Answer answer, RealSet naturals) {
    reading = new SetReading(line, inequalities, naturals);
    Optional<Strata> left = reading.whole(gold);
    Optional<Strata> right = reading.whole(answer);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    trace.note("sets", () -> "the gold is " + told(left.get()));
    trace.note("sets", () -> "the answer is " + told(right.get()));
    return Optional.of(
        stratification.areEqual(left.get(), right.get())
            ? equal(Rule.EQUAL_SETS)
            : different(Rule.DIFFERENT_SETS));
  }

  private String told(Strata set) {
    return set.isPlain()
        ? told(set.integers())
        : "the integers of "
            + told(set.integers())
            + ", the fractions of "
            + told(set.fractions())
            + " and the irrationals of "
            + told(set.irrationals());
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

  /**
   * The real numbers for which a condition on a symbol holds; empty if no method here finds them.
   *
   * @throws RealSet.Unordered if the ends have no place on the line
   */
  Optional<RealSet> where(Answer condition, Symbol symbol) {
    if (condition instanceof Combination(var operation, Answer left, Answer right)) {
      return where(left, symbol)
          .flatMap(
              one ->
                  where(right, symbol)
                      .map(
                          other ->
                              switch (operation) {
                                case UNION -> line.union(one, other);
                                case INTERSECTION -> line.intersection(one, other);
                                case DIFFERENCE -> line.intersection(one, line.complement(other));
                              }));
    }
    NumberSet reals = new NumberSet("R");
    if (condition.equals(reals)) {
      return Optional.of(RealSet.ALL);
    }
    return new SetReading(line, inequalities, POSITIVE)
        .whole(new Answer.SetBuilder(symbol.name(), reals, condition))
        .filter(Strata::isPlain)
        .map(Strata::integers);
  }

  /** Compares functions by pieces on what all their pieces leave of the real line. */
  Pieces pieces(Identity identity) {
    return new Pieces(this, line, inequalities, identity);
  }

  /** As {@link #compare}, for relations that must be about one symbol. */
  Optional<Decision> compareOfSameSymbol(Relation gold, Relation answer) {
    Optional<Symbol> left = symbol(gold);
    return left.isPresent() && left.equals(symbol(answer))
        ? compare(gold, answer)
        : Optional.empty();
  }

  /** The one symbol that a relation is about. */
  static Optional<Symbol> symbol(Relation relation) {
    Set<String> names = new TreeSet<>();
    for (Answer member : relation.members()) {
      if (member instanceof Scalar(Expression value, var _)) {
        names.addAll(Substitution.symbols(value));
      }
    }
    return names.size() == 1 ? Optional.of(new Symbol(names.iterator().next())) : Optional.empty();
  }
}
