package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.answer.UnitNames;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a product of numbers and letters as a quantity: the m and s of {@code 9.8 m/s^2} may be
 * symbols or units. Which of them they are, only the other side can show.
 */
final class UnitLetters {
  private static final Expression ONE = new Expression.Number(Rational.ONE);
  private static final BigInteger MAX_POWER = BigInteger.valueOf(9);

  private UnitLetters() {}

  /** The quantity; empty if a symbol is no unit, or stands anywhere but in a product. */
  static Optional<Scalar> quantity(Expression value) {
    return switch (value) {
      case Expression.Symbol(String name) ->
          UnitNames.ofLetter(name).map(unit -> new Scalar(ONE, unit));
      case Expression.Product(List<Expression> factors) -> product(factors);
      case Expression.Quotient(Expression top, Expression bottom)
          when Expressions.haveSymbols(value) ->
          quantity(top).flatMap(above -> quantity(bottom).map(below -> quotient(above, below)));
      case Expression.Power(Expression.Symbol(String name), Expression exponent) ->
          power(exponent)
              .flatMap(
                  power ->
                      UnitNames.ofLetter(name).map(unit -> new Scalar(ONE, unit.power(power))));
      default -> Expressions.haveSymbols(value) ? Optional.empty() : Optional.of(Scalar.of(value));
    };
  }

  private static Optional<Scalar> product(List<Expression> factors) {
    List<Expression> values = new ArrayList<>();
    Unit unit = Unit.NONE;
    for (Expression factor : factors) {
      Optional<Scalar> read = quantity(factor);
      if (read.isEmpty()) {
        return read;
      }
      unit = unit.times(read.get().unit());
      if (!read.get().value().equals(ONE)) {
        values.add(read.get().value());
      }
    }
    Expression value =
        switch (values.size()) {
          case 0 -> ONE;
          case 1 -> values.getFirst();
          default -> new Expression.Product(values);
        };
    return Optional.of(new Scalar(value, unit));
  }

  /** A decimal stays one if nothing divides it, since decimals may be rounded. */
  private static Scalar quotient(Scalar above, Scalar below) {
    return new Scalar(
        below.value().equals(ONE)
            ? above.value()
            : new Expression.Quotient(above.value(), below.value()),
        above.unit().times(below.unit().power(-1)));
  }

  private static Optional<Integer> power(Expression exponent) {
    return switch (exponent) {
      case Expression.Number(Rational value)
          when value.isInteger() && value.numerator().abs().compareTo(MAX_POWER) <= 0 ->
          Optional.of(value.numerator().intValueExact());
      case Expression.Negation(Expression operand) -> power(operand).map(power -> -power);
      default -> Optional.empty();
    };
  }
}
