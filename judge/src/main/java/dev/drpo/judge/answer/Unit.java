package dev.drpo.judge.answer;

import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a number counts: a product of powers of dimensions, and how much of it the unit is. A unit
 * is a type of the answer, never stripped text.
 *
 * @param dimensions exponents by dimension, none of them 0; a dimension is a base unit such as
 *     {@code m}, or the noun that is counted
 * @param scale what one of this unit is in base units
 */
public record Unit(SortedMap<String, Integer> dimensions, Rational scale) {
  private static final Rational ONE = Rational.of(BigInteger.ONE);

  /** Keeps nouns apart from base units. */
  private static final String NOUN = "#";

  private static final Set<String> CURRENCIES =
      Set.of("dollar", "euro", "sterling", "yen", "rupee");

  public static final String PERCENT_DIMENSION = "%";
  public static final String DEGREE_DIMENSION = "°";
  public static final String RADIAN_DIMENSION = "rad";

  public static final Unit NONE = new Unit(new TreeMap<>(), ONE);
  public static final Unit PERCENT = of(PERCENT_DIMENSION, ONE);
  public static final Unit DEGREE = of(DEGREE_DIMENSION, ONE);
  public static final Unit RADIAN = of(RADIAN_DIMENSION, ONE);

  public Unit {
    dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
  }

  /** A unit of one dimension. */
  public static Unit of(String dimension, Rational scale) {
    return new Unit(new TreeMap<>(Map.of(dimension, 1)), scale);
  }

  /** A counted noun, in the singular. */
  public static Unit noun(String words) {
    return of(NOUN + words, ONE);
  }

  /** The noun that is counted, if this counts things rather than measures. */
  public Optional<String> counted() {
    return dimensions.size() == 1 && dimensions.firstKey().startsWith(NOUN)
        ? Optional.of(dimensions.firstKey().substring(NOUN.length()))
        : Optional.empty();
  }

  /** Whether amounts of one currency are measured. */
  public boolean isMoney() {
    return dimensions.size() == 1 && CURRENCIES.contains(dimensions.firstKey());
  }

  /** Whether nothing is measured; a bare factor, such as a million, is no unit but not nothing. */
  public boolean isNone() {
    return dimensions.isEmpty() && isBase();
  }

  public Unit times(Unit other) {
    SortedMap<String, Integer> product = new TreeMap<>(dimensions);
    other.dimensions.forEach((dimension, power) -> product.merge(dimension, power, Integer::sum));
    product.values().removeIf(power -> power == 0);
    return new Unit(product, scale.times(other.scale));
  }

  /** This unit to a small power, which may be negative. */
  public Unit power(int exponent) {
    Unit base = exponent < 0 ? inverse() : this;
    Unit power = NONE;
    for (int i = 0; i < Math.abs(exponent); i++) {
      power = power.times(base);
    }
    return power;
  }

  private Unit inverse() {
    SortedMap<String, Integer> negated = new TreeMap<>(dimensions);
    negated.replaceAll((dimension, power) -> -power);
    return new Unit(negated, ONE.dividedBy(scale));
  }

  /** Whether quantities in both can be compared by their scales. */
  public boolean measuresSameAs(Unit other) {
    return dimensions.equals(other.dimensions);
  }

  /** Whether one of this is one in base units. */
  public boolean isBase() {
    return scale.equals(ONE);
  }

  /** The dimensions with their exponents, such as {@code m s^-1}. */
  public String dimensionNames() {
    return dimensions.entrySet().stream()
        .map(e -> e.getValue() == 1 ? e.getKey() : e.getKey() + "^" + e.getValue())
        .collect(Collectors.joining(" "))
        .replace(NOUN, "");
  }

  /** The unit in base units, such as {@code 1/100 m}. */
  @Override
  public String toString() {
    return isBase() ? dimensionNames() : scale + " " + dimensionNames();
  }
}
