package dev.drpo.judge.answer;

import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The units that have names, with their exact sizes in base units. */
public final class UnitNames {
  private static final List<String> FACTORS = List.of("thousand", "million", "billion", "trillion");
  private static final Map<String, Unit> ABBREVIATIONS = new HashMap<>();
  private static final Map<String, Unit> NAMES = new HashMap<>();

  static {
    metric("m", "meter metre", "m", 1, 1);
    metric("g", "gram gramme", "g", 1, 1);
    metric("s", "second", "s", 1, 1);
    metric("L", "liter litre", "m^3", 1, 1000);
    metric("J", "joule", "J", 1, 1);
    metric("eV", "electronvolt", "eV", 1, 1);
    metric("W", "watt", "W", 1, 1);
    metric("N", "newton", "N", 1, 1);
    metric("V", "volt", "V", 1, 1);
    metric("Pa", "pascal", "Pa", 1, 1);
    metric("Hz", "hertz", "Hz", 1, 1);
    abbreviated("l", "", "m^3", 1, 1000);
    abbreviated("ml", "", "m^3", 1, 1_000_000);
    abbreviated("sec", "", "s", 1, 1);
    abbreviated("min", "minute", "s", 60, 1);
    abbreviated("h", "hour", "s", 3600, 1);
    abbreviated("hr", "", "s", 3600, 1);
    abbreviated("day", "day", "s", 86_400, 1);
    abbreviated("week", "week", "s", 604_800, 1);
    abbreviated("month", "month", "month", 1, 1);
    abbreviated("yr", "year", "month", 12, 1);
    abbreviated("in", "inch inche", "m", 254, 10_000);
    abbreviated("ft", "foot feet", "m", 3048, 10_000);
    abbreviated("yd", "yard", "m", 9144, 10_000);
    abbreviated("mi", "mile", "m", 1_609_344, 1000);
    abbreviated("acre", "acre", "m^2", 40_468_564_224L, 10_000_000);
    abbreviated("ha", "hectare", "m^2", 10_000, 1);
    abbreviated("gal", "gallon", "m^3", 3_785_411_784L, 1_000_000_000_000L);
    abbreviated("qt", "quart", "m^3", 946_352_946L, 1_000_000_000_000L);
    abbreviated("pt", "pint", "m^3", 473_176_473L, 1_000_000_000_000L);
    abbreviated("lb", "pound", "g", 45_359_237, 100_000);
    abbreviated("oz", "ounce", "g", 45_359_237, 1_600_000);
    abbreviated("ton", "ton", "ton", 1, 1);
    abbreviated("tonne", "tonne", "g", 1_000_000, 1);
    abbreviated("mph", "", "m s^-1", 1_609_344, 3_600_000);
    abbreviated("kph", "", "m s^-1", 1000, 3600);
    abbreviated("kmh", "", "m s^-1", 1000, 3600);
    abbreviated("rad", "radian", Unit.RADIAN_DIMENSION, 1, 1);
    abbreviated("deg", "degree", Unit.DEGREE_DIMENSION, 1, 1);
    abbreviated("USD", "dollar buck", "dollar", 1, 1);
    abbreviated("cent", "cent", "dollar", 1, 100);
    abbreviated("EUR", "euro", "euro", 1, 1);
    abbreviated("GBP", "", "sterling", 1, 1);
    abbreviated("dozen", "dozen", "dozen", 1, 1);
    for (int thousands = 1; thousands <= FACTORS.size(); thousands++) {
      NAMES.put(
          FACTORS.get(thousands - 1),
          new Unit(Unit.NONE.dimensions(), Rational.of(BigInteger.TEN.pow(3 * thousands))));
    }
    abbreviated("unit", "unit", "unit", 1, 1);
  }

  private UnitNames() {}

  private static void metric(String symbol, String names, String base, long size, long per) {
    prefixed("", "", symbol, names, base, size, per);
    prefixed("m", "milli", symbol, names, base, size, per * 1000);
    prefixed("c", "centi", symbol, names, base, size, per * 100);
    prefixed("d", "deci", symbol, names, base, size, per * 10);
    prefixed("k", "kilo", symbol, names, base, size * 1000, per);
  }

  private static void prefixed(
      String prefix,
      String spelled,
      String symbol,
      String names,
      String base,
      long size,
      long per) {
    StringBuilder all = new StringBuilder();
    for (String name : names.split(" ", -1)) {
      all.append(spelled).append(name).append(' ');
    }
    abbreviated(prefix + symbol, all.toString().strip(), base, size, per);
  }

  private static void abbreviated(String symbol, String names, String base, long size, long per) {
    Unit unit =
        dimensions(base)
            .times(
                new Unit(
                    Unit.NONE.dimensions(),
                    new Rational(BigInteger.valueOf(size), BigInteger.valueOf(per))));
    ABBREVIATIONS.put(symbol, unit);
    for (String name : names.split(" ", -1)) {
      if (!name.isEmpty()) {
        NAMES.put(name, unit);
      }
    }
  }

  private static Unit dimensions(String base) {
    Unit unit = Unit.NONE;
    for (String part : base.split(" ", -1)) {
      int caret = part.indexOf('^');
      String name = caret < 0 ? part : part.substring(0, caret);
      int power = caret < 0 ? 1 : Integer.parseInt(part.substring(caret + 1));
      unit = unit.times(Unit.of(name, Rational.of(BigInteger.ONE)).power(power));
    }
    return unit;
  }

  /** The unit that a word names in any number and case, or that it abbreviates exactly. */
  public static Optional<Unit> find(String word) {
    Unit abbreviated = ABBREVIATIONS.get(word);
    if (abbreviated != null) {
      return Optional.of(abbreviated);
    }
    String name = word.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(NAMES.get(name))
        .or(() -> Optional.ofNullable(NAMES.get(singular(name))))
        .or(
            () ->
                Optional.ofNullable(ABBREVIATIONS.get(singular(word)))
                    .filter(u -> word.length() > 2))
        .or(
            () ->
                Optional.ofNullable(ABBREVIATIONS.get(word.toUpperCase(Locale.ROOT)))
                    .filter(u -> word.length() > 2));
  }

  /** A unit whose abbreviation is one letter, which may as well be a symbol. */
  public static Optional<Unit> ofLetter(String symbol) {
    return symbol.length() == 1 ? Optional.ofNullable(ABBREVIATIONS.get(symbol)) : Optional.empty();
  }

  /** A counted noun in the singular, so that one and many are alike. */
  public static String singular(String noun) {
    if (noun.length() > 3 && noun.endsWith("ies")) {
      return noun.substring(0, noun.length() - 3) + "y";
    }
    return noun.length() > 2 && noun.endsWith("s") && !noun.endsWith("ss")
        ? noun.substring(0, noun.length() - 1)
        : noun;
  }
}
