package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Choice;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Matrix;
import dev.drpo.judge.answer.Answer.Numeral;
import dev.drpo.judge.answer.Answer.Ratio;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Answer.Words;
import dev.drpo.judge.convention.Convention.Option;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.verdict.Rule;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Decides whether an answer is the gold, form by form. Symmetric but for rounded decimals: see
 * {@link Rounding}.
 */
public final class Comparison {
  /** Finding out of which forms two answers are. */
  private static final int STEPS_PER_PAIR = 40;

  private final Conventions conventions;
  private final Budget budget;
  private final Scalars scalars;
  private final Relations relations;
  private final Ratios ratios;
  private final Identity identity;

  /** Only few comparisons are about sets or families, and many are short: made on demand. */
  private RealSets realSets;

  private Families families;
  private final NormalForm normalForm;
  private final Trace trace;

  /**
   * Prepares to compare.
   *
   * @param normalForm writes what {@code trace} is told
   */
  public Comparison(
      Conventions conventions,
      Identity identity,
      Budget budget,
      NormalForm normalForm,
      Trace trace) {
    this.budget = budget;
    this.conventions = conventions;
    this.scalars = new Scalars(conventions, identity, normalForm, trace);
    this.relations = new Relations(this, identity, trace);
    this.identity = identity;
    this.ratios = new Ratios(identity);
    this.normalForm = normalForm;
    this.trace = trace;
  }

  /** Decides about the whole of a gold and an answer. */
  public Decision decide(Answer gold, Answer answer) {
    boolean reduced = conventions.has(Option.FRACTIONS_REDUCED);
    return reduced && (Fractions.canBeReduced(gold) || Fractions.canBeReduced(answer))
        ? different(Rule.UNREDUCED_FRACTION)
        : whole(gold, answer);
  }

  /** Compares two answers that are no parts: braces around a single element show nothing. */
  private Decision whole(Answer gold, Answer answer) {
    return compare(unwrapped(gold), unwrapped(answer));
  }

  /** Compares two answers or parts of them. */
  Decision compare(Answer left, Answer right) {
    budget.spend(STEPS_PER_PAIR);
    if (Families.isFamily(left) || Families.isFamily(right)) {
      return families().compare(left, right).orElseGet(() -> different(Rule.DIFFERENT_KINDS));
    }
    if (Assignments.each(left, right).isPresent() || Assignments.each(right, left).isPresent()) {
      return lists(Assignments.each(left), Assignments.each(right));
    }
    if (left instanceof Relation one && right instanceof Relation other) {
      return relations(one, other);
    }
    Optional<Decision> assignment = assignment(left, right);
    if (assignment.isPresent()) {
      return assignment.get();
    }
    if (RealSets.isSet(left) || RealSets.isSet(right)) {
      return sets(left, right);
    }
    return switch (left) {
      case Scalar one when right instanceof Scalar other -> scalars.compare(one, other);
      case Bracketed one when right instanceof Bracketed other -> brackets(one, other);
      case Matrix one when right instanceof Matrix other -> matrices(one, other);
      case Words one when right instanceof Words other -> words(one, other);
      case Answer.Piecewise one when right instanceof Answer.Piecewise other ->
          piecewise(one, other);
      case Ratio one when right instanceof Ratio other -> ratios.compare(one, other);
      case Numeral one when right instanceof Numeral other ->
          one.equals(other)
              ? equal(Rule.EQUAL_NUMERALS)
              : different(
                  one.base() == other.base() ? Rule.DIFFERENT_NUMBERS : Rule.DIFFERENT_BASES);
      case Choice one when right instanceof Choice other -> choices(one, other);
      case Listing one when right instanceof Listing other -> lists(one, other);
      default -> kinds(left, right);
    };
  }

  private static List<Answer> pieces(Answer.Piecewise function) {
    return IntStream.range(0, function.values().size())
        .<Answer>mapToObj(
            i ->
                new Bracketed(
                    Bracket.ROUND,
                    List.of(function.values().get(i), function.conditions().get(i)),
                    Bracket.ROUND))
        .toList();
  }

  private Decision piecewise(Answer.Piecewise one, Answer.Piecewise other) {
    Decision paired =
        anyOrder(pieces(one), pieces(other), Rule.EQUAL_PIECES, Rule.DIFFERENT_PIECES);
    // Pieces may be cut in other places.
    return paired.isEqual() ? paired : byIntervals(one, other).orElse(paired);
  }

  private Optional<Decision> byIntervals(Answer one, Answer other) {
    return realSets()
        .pieces(identity)
        .areSame(one, other)
        .map(same -> same ? equal(Rule.EQUAL_PIECES) : different(Rule.DIFFERENT_PIECES));
  }

  private RealSets realSets() {
    if (realSets == null) {
      realSets = new RealSets(identity, budget, normalForm, trace);
    }
    return realSets;
  }

  private Families families() {
    if (families == null) {
      families = new Families(identity);
    }
    return families;
  }

  /** Forms of two kinds that can still say the same. */
  private Decision kinds(Answer left, Answer right) {
    return crossed(left, right, this::compare)
        .or(() -> crossed(right, left, (one, other) -> compare(other, one)))
        .orElseGet(
            () -> {
              trace.note("kinds", () -> Kinds.name(left) + " against " + Kinds.name(right));
              return different(Rule.DIFFERENT_KINDS);
            });
  }

  /**
   * Compares forms of two kinds, of which the first is the more special.
   *
   * @param inRoles compares parts, and knows which of them is the gold's
   */
  private Optional<Decision> crossed(
      Answer one, Answer other, BiFunction<Answer, Answer, Decision> inRoles) {
    if (one instanceof Numeral numeral && other instanceof Scalar scalar) {
      return Optional.of(baseOmitted(numeral, scalar));
    }
    if (one instanceof Ratio ratio && other instanceof Scalar scalar) {
      Optional<Scalar> number = Ratios.bare(scalar, conventions.has(Option.PERCENT_LENIENT));
      return ratios
          .asQuotient(ratio)
          .flatMap(quotient -> number.map(value -> inRoles.apply(quotient, value)));
    }
    if (one instanceof Answer.Piecewise && other instanceof Scalar) {
      // A formula may be the same function as its pieces.
      return Optional.of(
          byIntervals(one, other)
              .orElseGet(() -> new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED)));
    }
    if (one instanceof Scalar vector && (other instanceof Bracketed || other instanceof Matrix)) {
      return UnitVectors.components(vector).map(components -> inRoles.apply(components, other));
    }
    if (one instanceof Choice choice && other instanceof Scalar scalar) {
      return Optional.of(choiceAndSymbol(choice, scalar));
    }
    if (one instanceof Choice choice && other instanceof Words words) {
      return Optional.of(words(new Words(List.of(String.valueOf(choice.letter()))), words));
    }
    if (one instanceof Matrix matrix && other instanceof Bracketed tuple) {
      return columnAsTuple(matrix).map(column -> inRoles.apply(column, tuple));
    }
    if (one instanceof Listing listing
        && listing.alternatives()
        && conventions.has(Option.ALTERNATIVES_ANY)
        && !(other instanceof Listing)) {
      return listing.elements().stream()
          .map(element -> inRoles.apply(element, other))
          .filter(Decision::isEqual)
          .findFirst()
          .map(decision -> equal(Rule.ONE_OF_ALTERNATIVES));
    }
    return Optional.empty();
  }

  /** Whether one scalar is another in decimals, units alike. */
  boolean isApproximation(Answer exact, Answer rough) {
    return exact instanceof Scalar(Expression value, var unit)
        && rough instanceof Scalar(Expression decimals, var other)
        && unit.equals(other)
        && scalars.isApproximation(value, decimals);
  }

  private static Answer unwrapped(Answer answer) {
    return answer instanceof Listing listing
            && listing.elements().size() == 1
            && !(listing.elements().getFirst() instanceof Listing)
        ? listing.elements().getFirst()
        : answer;
  }

  private Decision relations(Relation gold, Relation answer) {
    if (RealSets.isInequality(gold) || RealSets.isInequality(answer)) {
      Optional<Decision> sets = realSets().compareOfSameSymbol(gold, answer);
      if (sets.isPresent()) {
        return sets.get().ofPart(Rule.EQUAL_INEQUALITIES, Rule.DIFFERENT_INEQUALITIES);
      }
    }
    return relations.compare(gold, answer);
  }

  /** A value against an equation or membership that gives it a name. */
  private Optional<Decision> assignment(Answer left, Answer right) {
    if (!conventions.has(Option.ASSIGNMENTS_ACCEPTED)) {
      return Optional.empty();
    }
    Optional<Answer> leftValue = relations.namedValue(left);
    Optional<Answer> rightValue = relations.namedValue(right);
    if (leftValue.isPresent() == rightValue.isPresent()) {
      return Optional.empty();
    }
    trace.note(
        "name", () -> "the " + (leftValue.isPresent() ? "gold" : "answer") + " names its value");
    Decision decision = whole(leftValue.orElse(left), rightValue.orElse(right));
    return Optional.of(decision.isEqual() ? equal(Rule.ASSIGNMENT) : decision);
  }

  private Decision sets(Answer left, Answer right) {
    return realSets()
        .compare(left, right)
        .orElseGet(() -> new SymbolicSets(this).compare(left, right));
  }

  private Decision baseOmitted(Numeral numeral, Scalar scalar) {
    boolean sameDigits =
        scalar.unit().isNone()
            && scalar.value() instanceof Expression.Number(Rational value)
            && value.denominator().equals(BigInteger.ONE)
            && value.numerator().toString().equals(numeral.digits());
    return sameDigits && conventions.has(Option.BASES_OPTIONAL)
        ? equal(Rule.BASE_OMITTED)
        : different(Rule.DIFFERENT_BASES);
  }

  private Decision choices(Choice gold, Choice answer) {
    return sameLetter(gold.letter(), answer.letter())
        ? equal(Rule.EQUAL_CHOICES)
        : different(Rule.DIFFERENT_CHOICES);
  }

  private boolean sameLetter(char one, char other) {
    boolean ignoreCase =
        conventions.has(Option.LETTERS_IGNORE_CASE)
            && Character.toUpperCase(one) >= 'A'
            && Character.toUpperCase(one) <= 'J';
    return one == other
        || (ignoreCase && Character.toUpperCase(one) == Character.toUpperCase(other));
  }

  private Decision choiceAndSymbol(Choice choice, Scalar scalar) {
    String name =
        switch (scalar.value()) {
          case Expression.Symbol(String symbol) -> symbol;
          case Expression.Constant.E -> "e";
          case Expression.Constant.I -> "i";
          default -> "";
        };
    if (name.length() != 1 || !scalar.unit().isNone()) {
      return different(Rule.DIFFERENT_KINDS);
    }
    return choices(choice, new Choice(name.charAt(0)));
  }

  private Decision words(Words gold, Words answer) {
    return spelled(gold).equals(spelled(answer))
        ? equal(Rule.EQUAL_WORDS)
        : different(Rule.DIFFERENT_WORDS);
  }

  private String spelled(Words words) {
    String joined = String.join("", words.words());
    return conventions.has(Option.LETTERS_IGNORE_CASE) ? joined.toLowerCase(Locale.ROOT) : joined;
  }

  Decision brackets(Bracketed gold, Bracketed answer) {
    if (gold.open() != answer.open() || gold.close() != answer.close()) {
      return different(Rule.DIFFERENT_BRACKETS);
    }
    return inOrder(gold.elements(), answer.elements(), Rule.EQUAL_TUPLES, Rule.DIFFERENT_ELEMENTS);
  }

  private Decision matrices(Matrix gold, Matrix answer) {
    if (gold.rows().getFirst().size() != answer.rows().getFirst().size()) {
      return different(Rule.DIFFERENT_LENGTHS);
    }
    return inOrder(entries(gold), entries(answer), Rule.EQUAL_MATRICES, Rule.DIFFERENT_ELEMENTS);
  }

  private static List<Answer> entries(Matrix matrix) {
    return matrix.rows().stream().flatMap(List::stream).<Answer>map(Scalar::of).toList();
  }

  /** A column is the tuple of its entries; a row, or a single entry, is none. */
  private static Optional<Answer> columnAsTuple(Matrix matrix) {
    boolean column = matrix.rows().getFirst().size() == 1 && matrix.rows().size() > 1;
    return column
        ? Optional.of(new Bracketed(Bracket.ROUND, entries(matrix), Bracket.ROUND))
        : Optional.empty();
  }

  private Decision lists(Listing gold, Listing answer) {
    return conventions.has(Option.ORDER_STRICT)
        ? inOrder(gold.elements(), answer.elements(), Rule.EQUAL_LISTS, Rule.DIFFERENT_ELEMENTS)
        : anyOrder(gold.elements(), answer.elements(), Rule.EQUAL_LISTS, Rule.DIFFERENT_ELEMENTS);
  }

  Decision inOrder(List<Answer> gold, List<Answer> answer, Rule ifEqual, Rule ifDifferent) {
    if (gold.size() != answer.size()) {
      return different(Rule.DIFFERENT_LENGTHS);
    }
    for (int i = 0; i < gold.size(); i++) {
      int place = i + 1;
      trace.note("element", () -> place + " of " + gold.size());
      Decision decision = compare(gold.get(i), answer.get(i));
      if (!decision.isEqual()) {
        return decision.ofPart(ifEqual, ifDifferent);
      }
    }
    return equal(ifEqual);
  }

  Decision anyOrder(List<Answer> gold, List<Answer> answer, Rule ifEqual, Rule ifDifferent) {
    if (gold.size() != answer.size()) {
      trace.note("elements", () -> gold.size() + " against " + answer.size());
      return different(Rule.DIFFERENT_LENGTHS);
    }
    Decision[] why = {different(Rule.DIFFERENT_ELEMENTS)};
    Pairing pairing =
        new Pairing(
            gold,
            answer,
            (i, j) -> {
              Decision decision = compare(gold.get(i), answer.get(j));
              if (!decision.isEqual() && decision.outcome() != Decision.Outcome.DIFFERENT) {
                why[0] = decision;
              }
              return decision.isEqual() ? 1 : 0;
            });
    for (int i = 0; i < gold.size(); i++) {
      Answer wanted = gold.get(i);
      trace.note("element", () -> "a partner for " + normalForm.of(wanted));
      if (!pairing.pair(i)) {
        trace.note("element", () -> normalForm.of(wanted) + " has no partner");
        return why[0].ofPart(ifEqual, ifDifferent);
      }
    }
    return equal(ifEqual);
  }
}
