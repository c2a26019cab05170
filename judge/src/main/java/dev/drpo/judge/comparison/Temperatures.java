package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Temperatures as points of a scale, which have other zeros than zero: 25 °C is 298.15 K. As
 * differences they would convert otherwise, so that no other unit with a degree is converted.
 */
final class Temperatures {
  private static final Rational CELSIUS_ZERO =
      new Rational(BigInteger.valueOf(27_315), BigInteger.valueOf(100));
  private static final Rational FAHRENHEIT_ZERO =
      new Rational(BigInteger.valueOf(45_967), BigInteger.valueOf(100));
  private static final Rational FAHRENHEIT_DEGREE =
      new Rational(BigInteger.valueOf(5), BigInteger.valueOf(9));

  private Temperatures() {}

  /** The value in kelvin of a quantity that is a temperature. */
  static Optional<Expression> inKelvin(Scalar quantity) {
    Unit unit = quantity.unit();
    if (unit.dimensions().size() != 1 || unit.dimensions().get(unit.dimensions().firstKey()) != 1) {
      return Optional.empty();
    }
    return switch (unit.dimensions().firstKey()) {
      case "K" -> Optional.of(times(quantity.value(), unit.scale()));
      case "°C" -> Optional.of(above(CELSIUS_ZERO, quantity.value()));
      case "°F" -> Optional.of(times(above(FAHRENHEIT_ZERO, quantity.value()), FAHRENHEIT_DEGREE));
      default -> Optional.empty();
    };
  }

  private static Expression above(Rational zero, Expression value) {
    return new Expression.Sum(List.of(value, new Expression.Number(zero)));
  }

  private static Expression times(Expression value, Rational factor) {
    return new Expression.Product(List.of(value, new Expression.Number(factor)));
  }
}
