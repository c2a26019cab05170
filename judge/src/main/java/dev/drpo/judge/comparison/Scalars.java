package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.answer.UnitNames;
import dev.drpo.judge.convention.Convention.Option;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.verdict.Rule;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares numbers and expressions with their units. */
final class Scalars {
  private static final Rational HUNDREDTH = new Rational(BigInteger.ONE, BigInteger.valueOf(100));

  private static final Expression MICRO = new Expression.Symbol("\\mu");

  private final Conventions conventions;
  private final Identity identity;
  private final Rounding rounding;
  private final NormalForm normalForm;
  private final Trace trace;

  Scalars(Conventions conventions, Identity identity, NormalForm normalForm, Trace trace) {
    this.conventions = conventions;
    this.identity = identity;
    this.rounding = new Rounding(conventions, identity);
    this.normalForm = normalForm;
    this.trace = trace;
  }

  Decision compare(Scalar gold, Scalar answer) {

    if (gold.unit().isNone() && answer.unit().isNone()) {
      return numbers(gold.value(), answer.value());
    }
    Scalar left = withUnitOfLetter(gold, answer.unit());
    Scalar right = withUnitOfLetter(answer, gold.unit());
    boolean oneBare = left.unit().isNone() || right.unit().isNone();
    return oneBare && !left.unit().measuresSameAs(right.unit())
        ? measuredAndBare(left, right)
        : measured(left, right);
  }

  /** {@code 5 m} is five times m, unless the other side shows that m is a unit. */
  private static Scalar withUnitOfLetter(Scalar scalar, Unit other) {
    // A letter alone is a symbol: nobody writes m for one metre.
    boolean letter = scalar.value() instanceof Expression.Symbol;
    if (scalar.unit().isNone() && !other.isNone() && !letter) {
      Optional<Scalar> quantity =
          UnitLetters.quantity(scalar.value())
              .filter(read -> !read.unit().isNone() && read.unit().measuresSameAs(other));
      if (quantity.isPresent()) {
        return quantity.get();
      }
    }
    if (!scalar.unit().isNone()
        || other.isNone()
        || !(scalar.value() instanceof Expression.Product(List<Expression> factors))
        || !(factors.getLast() instanceof Expression.Symbol(String name))) {
      return scalar;
    }
    boolean micro = factors.size() > 2 && factors.get(factors.size() - 2).equals(MICRO);
    int rest = factors.size() - (micro ? 2 : 1);
    return UnitNames.find((micro ? "µ" : "") + name)
        .filter(unit -> micro || UnitNames.ofLetter(name).isPresent())
        .map(unit -> new Scalar(productOf(factors.subList(0, rest)), unit))
        .orElse(scalar);
  }

  private static Expression productOf(List<Expression> factors) {
    return factors.size() == 1 ? factors.getFirst() : new Expression.Product(factors);
  }

  private Decision measured(Scalar gold, Scalar answer) {
    Unit left = gold.unit();
    Unit right = answer.unit();
    if (left.measuresSameAs(right)) {
      boolean converted = !left.scale().equals(right.scale());
      if (converted) {
        trace.note("units", () -> "both are converted to " + left.dimensionNames());
      }
      Decision decision =
          converted
              ? numbers(
                  Rounding.scaled(gold.value(), left.scale()),
                  Rounding.scaled(answer.value(), right.scale()))
              : numbers(gold.value(), answer.value());
      return converted && decision.isEqual() ? equal(Rule.CONVERTED_UNITS) : decision;
    }
    if (left.equals(Unit.DEGREE) && right.equals(Unit.RADIAN)) {
      return converted(numbers(inRadians(gold.value()), answer.value()));
    }
    if (left.equals(Unit.RADIAN) && right.equals(Unit.DEGREE)) {
      return converted(numbers(gold.value(), inRadians(answer.value())));
    }
    Optional<Expression> one = Temperatures.inKelvin(gold);
    Optional<Expression> other = Temperatures.inKelvin(answer);
    if (one.isPresent() && other.isPresent()) {
      return converted(numbers(one.get(), other.get()));
    }
    return countSame(left, right)
        ? numbers(gold.value(), answer.value())
        : different(Rule.DIFFERENT_UNITS);
  }

  private static Decision converted(Decision decision) {
    return decision.isEqual() ? equal(Rule.CONVERTED_UNITS) : decision;
  }

  private static Expression inRadians(Expression degrees) {
    return new Expression.Quotient(
        new Expression.Product(List.of(degrees, Constant.PI)),
        new Expression.Number(Rational.of(BigInteger.valueOf(180))));
  }

  /** Whether one counted noun only says more about the same thing: triangles, right triangles. */
  private static boolean countSame(Unit left, Unit right) {
    Optional<Set<String>> one = left.counted().map(noun -> Set.of(noun.split(" ")));
    Optional<Set<String>> other = right.counted().map(noun -> Set.of(noun.split(" ")));
    return one.isPresent()
        && other.isPresent()
        && (one.get().containsAll(other.get()) || other.get().containsAll(one.get()));
  }

  private Decision measuredAndBare(Scalar gold, Scalar answer) {
    boolean measuredGold = !gold.unit().isNone();
    Unit unit = measuredGold ? gold.unit() : answer.unit();
    if (!omissionAccepted(unit)) {
      return different(Rule.DIFFERENT_UNITS);
    }
    trace.note("units", () -> "one side has none, the other is in " + unit);
    if (unit.equals(Unit.PERCENT)) {
      Decision asValue =
          measuredGold
              ? numbers(Rounding.scaled(gold.value(), HUNDREDTH), answer.value())
              : numbers(gold.value(), Rounding.scaled(answer.value(), HUNDREDTH));
      if (asValue.isEqual()) {
        return equal(Rule.PERCENT_AS_VALUE);
      }
    }
    if (unit.equals(Unit.DEGREE)) {
      Decision asAngle =
          measuredGold
              ? numbers(inRadians(gold.value()), answer.value())
              : numbers(gold.value(), inRadians(answer.value()));
      if (asAngle.isEqual()) {
        return equal(Rule.CONVERTED_UNITS);
      }
    }
    Decision digits = numbers(gold.value(), answer.value());
    return digits.isEqual() ? equal(omission(unit)) : digits;
  }

  private boolean omissionAccepted(Unit unit) {
    if (unit.equals(Unit.PERCENT)) {
      return conventions.has(Option.PERCENT_LENIENT);
    }
    return unit.isMoney()
        ? conventions.has(Option.CURRENCY_OPTIONAL)
        : conventions.has(Option.UNITS_OPTIONAL);
  }

  private static Rule omission(Unit unit) {
    if (unit.equals(Unit.PERCENT)) {
      return Rule.PERCENT_SIGN_OMITTED;
    }
    return unit.isMoney() ? Rule.CURRENCY_OMITTED : Rule.UNIT_OMITTED;
  }

  /** Whether a number in decimals is another to its last digit, however few there are. */
  boolean isApproximation(Expression exact, Expression rough) {
    return rounding.isApproximation(exact, rough);
  }

  private Decision rounded() {
    trace.note("rounding", () -> "one is the other rounded to its last digit");
    return equal(Rule.ROUNDED_DECIMAL);
  }

  private String told(Expression gold, Expression answer, Agreement agreement) {
    String pair = normalForm.of(gold) + " and " + normalForm.of(answer);
    String how =
        switch (agreement.method()) {
          case STRUCTURE -> "as written";
          case EXACT -> "by exact arithmetic";
          case MODULAR -> "by residues modulo random primes at random points";
          case BALL -> "by ball arithmetic at rising precision";
        };
    return switch (agreement.outcome()) {
      case SAME -> pair + " are the same " + how;
      case DIFFERENT -> pair + " differ " + how;
      case LEFT_UNDEFINED -> "the gold " + normalForm.of(gold) + " has no value";
      case RIGHT_UNDEFINED -> "the answer " + normalForm.of(answer) + " has no value";
      case BOTH_UNDEFINED -> pair + " have no value";
      case UNDECIDED -> pair + " could not be told apart, nor shown to be the same";
    };
  }

  private boolean areRational(Expression gold, Expression answer) {
    return identity.rational(gold).isPresent() && identity.rational(answer).isPresent();
  }

  /** Whether a value occurs that is defined but not computed, so that it may be any. */
  private static boolean isUncomputed(Expression expression) {
    return Expressions.anyPart(
        expression,
        part ->
            part instanceof Expression.Symbol(String name)
                && name.startsWith(Expression.Symbol.UNDECIDED));
  }

  private Decision unequal(Expression gold, Expression answer) {
    if (isUncomputed(gold) || isUncomputed(answer)) {
      return new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED);
    }
    return rounding.accepts(gold, answer)
        ? rounded()
        : different(
            areRational(gold, answer) ? Rule.DIFFERENT_NUMBERS : Rule.DIFFERENT_EXPRESSIONS);
  }

  /** Compares values, units aside. */
  Decision numbers(Expression gold, Expression answer) {
    Agreement agreement = identity.agreement(gold, answer);
    trace.note("values", () -> told(gold, answer, agreement));
    return switch (agreement.outcome()) {
      case SAME -> equal(areRational(gold, answer) ? Rule.EQUAL_NUMBERS : Rule.EQUAL_EXPRESSIONS);
      case DIFFERENT -> unequal(gold, answer);
      case LEFT_UNDEFINED, BOTH_UNDEFINED ->
          new Decision(Decision.Outcome.GOLD_UNDEFINED, Rule.UNDEFINED_VALUE);
      case RIGHT_UNDEFINED -> different(Rule.UNDEFINED_VALUE);
      case UNDECIDED -> new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED);
    };
  }
}
