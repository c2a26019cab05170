package dev.drpo.judge.identity;

import dev.drpo.judge.number.Rational;
import java.util.Map;

/** A value for every symbol. */
record Point(Map<String, Rational> coordinates) {
  /** Where expressions without symbols are evaluated. */
  static final Point NOWHERE = new Point(Map.of());

  Point {
    coordinates = Map.copyOf(coordinates);
  }

  Rational coordinate(String symbol) {
    Rational value = coordinates.get(symbol);
    if (value == null) {
      throw new IllegalArgumentException("the point has no coordinate for " + symbol);
    }
    return value;
  }
}
