package dev.drpo.reward.judge;

import dev.drpo.reward.judge.number.Rational;
import java.math.BigInteger;
import java.util.Optional;

/** Applies the policies to two quantities. Symmetric: neither side is known to be the gold. */
final class Comparison {
  /** Fewer digits would let a rough estimate pass for an exact answer. */
  private static final int LEAST_SIGNIFICANT_DIGITS = 6;

  private static final Rational ONE = Rational.of(BigInteger.ONE);
  private static final Rational HUNDREDTH = new Rational(BigInteger.ONE, BigInteger.valueOf(100));

  private final Policies policies;

  /**
   * @param equal whether the two sides are equal
   * @param rule what decided
   */
  record Result(boolean equal, Rule rule) {}

  Comparison(Policies policies) {
    this.policies = policies;
  }

  Result compare(Quantity left, Quantity right) {
    if (left.unit() == right.unit()) {
      return numbers(left, right).map(Comparison::equal).orElse(different(Rule.DIFFERENT_NUMBERS));
    }
    if (left.unit() == Unit.NONE) {
      return measuredAndBare(right, left);
    }
    if (right.unit() == Unit.NONE) {
      return measuredAndBare(left, right);
    }
    return different(Rule.DIFFERENT_UNITS);
  }

  private Result measuredAndBare(Quantity measured, Quantity bare) {
    boolean missingUnitAccepted =
        switch (measured.unit()) {
          case NONE -> throw new IllegalStateException("a measured quantity has a unit");
          case PERCENT -> policies.has(Policy.Option.PERCENT_LENIENT);
          case DOLLAR -> policies.has(Policy.Option.CURRENCY_OPTIONAL);
        };
    if (!missingUnitAccepted) {
      return different(Rule.DIFFERENT_UNITS);
    }
    boolean percent = measured.unit() == Unit.PERCENT;
    if (percent && numbers(measured.asNumber(HUNDREDTH), bare).isPresent()) {
      return equal(Rule.PERCENT_AS_VALUE);
    }
    if (numbers(measured.asNumber(ONE), bare).isPresent()) {
      return equal(percent ? Rule.PERCENT_SIGN_OMITTED : Rule.CURRENCY_OMITTED);
    }
    return different(Rule.DIFFERENT_NUMBERS);
  }

  /** The rule by which two numbers are equal, units aside; empty if they differ. */
  private Optional<Rule> numbers(Quantity left, Quantity right) {
    if (left.value().equals(right.value())) {
      return Optional.of(Rule.EQUAL_NUMBERS);
    }
    boolean rounded =
        policies.has(Policy.Option.DECIMALS_ROUNDED)
            && (roundsTo(left, right) || roundsTo(right, left));
    return rounded ? Optional.of(Rule.ROUNDED_DECIMAL) : Optional.empty();
  }

  private static boolean roundsTo(Quantity exact, Quantity decimal) {
    return exact.precision() instanceof Precision.Exact
        && decimal.precision() instanceof Precision.Decimal(Rational lastPlace, int digits)
        && digits >= LEAST_SIGNIFICANT_DIGITS
        && twice(exact.value().minus(decimal.value()).abs()).compareTo(lastPlace) <= 0;
  }

  private static Rational twice(Rational value) {
    return value.plus(value);
  }

  private static Result equal(Rule rule) {
    return new Result(true, rule);
  }

  private static Result different(Rule rule) {
    return new Result(false, rule);
  }
}
