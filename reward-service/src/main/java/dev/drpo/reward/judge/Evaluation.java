package dev.drpo.reward.judge;

import dev.drpo.reward.judge.Syntax.DecimalLiteral;
import dev.drpo.reward.judge.Syntax.Fraction;
import dev.drpo.reward.judge.Syntax.IntegerLiteral;
import dev.drpo.reward.judge.Syntax.Measured;
import dev.drpo.reward.judge.Syntax.MixedNumber;
import dev.drpo.reward.judge.Syntax.Negation;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limit;
import dev.drpo.reward.judge.limit.LimitExceeded;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.number.Rational;
import java.math.BigInteger;

/**
 * Computes the exact value of an answer. Every size is checked before the number exists, so that
 * {@code 1e999999999} costs no more than reading it.
 */
final class Evaluation {
  private static final Precision EXACT = new Precision.Exact();

  /** Longer exponents exceed every digit limit, and would overflow an int. */
  private static final int EXPONENT_DIGITS = 9;

  private final Limits limits;
  private final Budget budget;

  private Evaluation(Limits limits, Budget budget) {
    this.limits = limits;
    this.budget = budget;
  }

  static Quantity of(Syntax syntax, Limits limits, Budget budget) {
    return new Evaluation(limits, budget).evaluate(syntax);
  }

  private Quantity evaluate(Syntax syntax) {
    return switch (syntax) {
      case IntegerLiteral(String digits) -> exact(Rational.of(integer(digits)));
      case DecimalLiteral decimal -> decimal(decimal);
      case Negation(Syntax operand) -> evaluate(operand).negate();
      case Fraction(Syntax numerator, Syntax denominator) ->
          exact(quotient(evaluate(numerator).value(), evaluate(denominator).value()));
      case MixedNumber mixed -> mixed(mixed);
      case Measured(Syntax number, Unit unit) -> evaluate(number).withUnit(unit);
    };
  }

  private Quantity mixed(MixedNumber mixed) {
    Rational whole = Rational.of(integer(mixed.whole().digits()));
    Rational part =
        quotient(
            Rational.of(integer(mixed.numerator().digits())),
            Rational.of(integer(mixed.denominator().digits())));
    charge(whole, part);
    return exact(whole.plus(part));
  }

  private Quantity decimal(DecimalLiteral literal) {
    String digits = literal.whole() + literal.fraction();
    int exponent = exponent(literal) - literal.fraction().length();
    if (digits.length() + Math.abs((long) exponent) > limits.digits()) {
      throw tooLarge();
    }
    BigInteger unscaled = integer(digits);
    BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
    Rational lastPlace = exponent < 0 ? new Rational(BigInteger.ONE, power) : Rational.of(power);
    return new Quantity(
        lastPlace.times(Rational.of(unscaled)),
        new Precision.Decimal(lastPlace, significantDigits(digits)),
        Unit.NONE);
  }

  private static int exponent(DecimalLiteral literal) {
    if (literal.exponent().length() > EXPONENT_DIGITS) {
      throw tooLarge();
    }
    int magnitude = Integer.parseInt(literal.exponent());
    return literal.negativeExponent() ? -magnitude : magnitude;
  }

  private static int significantDigits(String digits) {
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    return digits.length() - first;
  }

  private BigInteger integer(String digits) {
    if (digits.length() > limits.digits()) {
      throw tooLarge();
    }
    budget.spend(digits.length());
    return new BigInteger(digits);
  }

  private Rational quotient(Rational numerator, Rational denominator) {
    if (denominator.isZero()) {
      throw new Halt(new Reading.Undefined());
    }
    charge(numerator, denominator);
    return numerator.dividedBy(denominator);
  }

  /** Refuses or pays for an operation whose result is at most as long as both operands together. */
  private void charge(Rational left, Rational right) {
    int bits = left.bitLength() + right.bitLength();
    if (bits > limits.bits()) {
      throw tooLarge();
    }
    long words = 1L + bits / Long.SIZE;
    budget.spend(words * words);
  }

  private static Quantity exact(Rational value) {
    return new Quantity(value, EXACT, Unit.NONE);
  }

  private static LimitExceeded tooLarge() {
    return new LimitExceeded(Limit.NUMBER_SIZE);
  }
}
