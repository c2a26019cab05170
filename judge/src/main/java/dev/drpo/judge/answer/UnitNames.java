package dev.drpo.judge.answer;

import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The units that have names, with their exact sizes in base units. */
public final class UnitNames {
  private static final List<String> FACTORS = List.of("thousand", "million", "billion", "trillion");
  private static final Map<String, Unit> ABBREVIATIONS = new HashMap<>();
  private static final Map<String, Unit> NAMES = new HashMap<>();

  private static final Map<String, Prefix> PREFIXES =
      Map.ofEntries(
          Map.entry("p", Prefix.of("pico", -12)),
          Map.entry("n", Prefix.of("nano", -9)),
          Map.entry("µ", Prefix.of("micro", -6)),
          Map.entry("μ", Prefix.of("micro", -6)),
          Map.entry("m", Prefix.of("milli", -3)),
          Map.entry("c", Prefix.of("centi", -2)),
          Map.entry("d", Prefix.of("deci", -1)),
          Map.entry("h", Prefix.of("hecto", 2)),
          Map.entry("k", Prefix.of("kilo", 3)),
          Map.entry("M", Prefix.of("mega", 6)),
          Map.entry("G", Prefix.of("giga", 9)),
          Map.entry("T", Prefix.of("tera", 12)));

  /** Words that count things more often than they measure, unless they stand alone. */
  private static final Set<String> NEVER_PLURAL = Set.of("bar");

  static {
    metric("m", "meter metre", "m", "1", "n µ μ m c d k");
    metric("g", "gram gramme", "g", "1", "n µ μ m c d k M");
    metric("s", "second", "s", "1", "p n µ μ m k");
    metric("A", "ampere amp", "A", "1", "n µ μ m k");
    metric("K", "kelvin", "K", "1", "m µ μ");
    metric("mol", "mole", "mol", "1", "n µ μ m k");
    metric("cd", "candela", "cd", "1", "m k");
    metric("L", "liter litre", "m^3", "1/1000", "µ μ m c d k h");
    metric("Hz", "hertz", "s^-1", "1", "m k M G T");
    metric("N", "newton", "g m s^-2", "1000", "µ μ m c d k M G");
    metric("J", "joule", "g m^2 s^-2", "1000", "µ μ m c d k M G T");
    metric("W", "watt", "g m^2 s^-3", "1000", "µ μ m c d k M G T");
    metric("Wh", "watthour", "g m^2 s^-2", "3600000", "m k M G T");
    metric("Pa", "pascal", "g m^-1 s^-2", "1000", "m c d h k M G");
    metric("C", "coulomb", "A s", "1", "p n µ μ m k");
    metric("V", "volt", "g m^2 s^-3 A^-1", "1000", "n µ μ m c d k M");
    metric("F", "farad", "A^2 s^4 g^-1 m^-2", "1/1000", "p n µ μ m");
    metric("\\Omega", "ohm", "g m^2 s^-3 A^-2", "1000", "m k M G");
    metric("S", "siemens", "A^2 s^3 g^-1 m^-2", "1/1000", "µ μ m");
    metric("Wb", "weber", "g m^2 s^-2 A^-1", "1000", "µ μ m");
    metric("T", "tesla", "g s^-2 A^-1", "1000", "n µ μ m");
    metric("H", "henry", "g m^2 s^-2 A^-2", "1000", "n µ μ m");
    metric("lm", "lumen", "cd", "1", "");
    metric("lx", "", "cd m^-2", "1", "");
    metric("Bq", "becquerel", "s^-1", "1", "k M G T");
    metric("Gy", "", "m^2 s^-2", "1", "m k");
    metric("eV", "electronvolt", "g m^2 s^-2", "1602176634/10000000000000000000000000", "m k M G");
    metric("cal", "calorie", "g m^2 s^-2", "4184", "k");
    metric("bar", "", "g m^-1 s^-2", "100000000", "m");
    metric("atm", "atmosphere", "g m^-1 s^-2", "101325000", "");
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

  private record Prefix(String spelled, Rational factor) {
    static Prefix of(String spelled, int exponent) {
      BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
      return new Prefix(
          spelled, exponent < 0 ? new Rational(BigInteger.ONE, power) : Rational.of(power));
    }
  }

  /**
   * Registers a unit with its multiples.
   *
   * @param size of one in base units, as a fraction
   * @param prefixes those that are in use; others would be taken from units such as pints
   */
  private static void metric(
      String symbol, String names, String base, String size, String prefixes) {
    String[] fraction = size.split("/", -1);
    BigInteger bottom = fraction.length > 1 ? new BigInteger(fraction[1]) : BigInteger.ONE;
    Rational one = new Rational(new BigInteger(fraction[0]), bottom);
    named(symbol, names, base, one);
    for (String prefix : prefixes.split(" ", -1)) {
      Prefix multiple = PREFIXES.get(prefix);
      if (multiple != null) {
        String spelled =
            Arrays.stream(names.split(" ", -1))
                .filter(name -> !name.isEmpty())
                .map(name -> multiple.spelled + name)
                .collect(Collectors.joining(" "));
        named(prefix + symbol, spelled, base, one.times(multiple.factor));
      }
    }
  }

  private static void abbreviated(String symbol, String names, String base, long size, long per) {
    named(symbol, names, base, new Rational(BigInteger.valueOf(size), BigInteger.valueOf(per)));
  }

  private static void named(String symbol, String names, String base, Rational size) {
    Unit unit = dimensions(base).times(new Unit(Unit.NONE.dimensions(), size));
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
                    .filter(u -> word.length() > 2 && !NEVER_PLURAL.contains(singular(word))))
        .or(
            () ->
                Optional.ofNullable(ABBREVIATIONS.get(word.toUpperCase(Locale.ROOT)))
                    .filter(u -> word.length() > 2));
  }

  /** A unit whose abbreviation is one letter, which may as well be a symbol. */
  public static Optional<Unit> ofLetter(String symbol) {
    return symbol.length() == 1 || symbol.equals("\\Omega")
        ? Optional.ofNullable(ABBREVIATIONS.get(symbol))
        : Optional.empty();
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
