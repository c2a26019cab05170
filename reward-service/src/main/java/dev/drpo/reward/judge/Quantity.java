package dev.drpo.reward.judge;

import dev.drpo.reward.judge.number.Rational;

/** An exact value, how precisely it is written, and what it counts. */
record Quantity(Rational value, Precision precision, Unit unit) {

  Quantity negate() {
    return new Quantity(value.negate(), precision, unit);
  }

  Quantity withUnit(Unit newUnit) {
    return new Quantity(value, precision, newUnit);
  }

  /** The same quantity in a unit that is {@code factor} of this one, as a bare number. */
  Quantity asNumber(Rational factor) {
    Precision scaled =
        switch (precision) {
          case Precision.Exact exact -> exact;
          case Precision.Decimal decimal ->
              new Precision.Decimal(decimal.lastPlace().times(factor), decimal.significantDigits());
        };
    return new Quantity(value.times(factor), scaled, Unit.NONE);
  }

  /**
   * The normal form: a number in lowest terms with its unit, such as {@code -35/9} or {@code 5%}.
   */
  String normalForm() {
    return unit.format(value.toString());
  }
}
