package dev.drpo.benchmarks.judge;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Random;

/**
 * The forms of answers by how often they occur among the golds of the public math sets. Each draws
 * its own pairs, in spellings that models use.
 */
enum AnswerForm {
  INTEGER(7881),
  FRACTION(1112),
  CLOSED_FORM(555),
  EXPRESSION(397),
  UNIT(255),
  TUPLE(221),
  DECIMAL(203),
  LIST(149),
  MATRIX(107),
  EQUATION(86),
  SCIENTIFIC(83),
  INTERVAL(66),
  UNION(48),
  THOUSANDS(47),
  WORD(47),
  BASE(42),
  CHOICE(42),
  TUPLE_LIST(24),
  MIXED_NUMBER(10),
  INEQUALITY(3);

  private static final String[] UNITS = {"cm", "meters", "dollars", "degrees", "apples"};
  private static final String[] WORDS = {"Evelyn", "Saturday", "even", "hyperbola", "blue"};
  private static final int[] SQUARE_FREE = {2, 3, 5, 6, 7, 10, 11};

  private final int frequency;

  AnswerForm(int frequency) {
    this.frequency = frequency;
  }

  /** Golds of this form in the sets that were counted. */
  int frequency() {
    return frequency;
  }

  Pair draw(Random random) {
    return switch (this) {
      case INTEGER -> integer(random);
      case FRACTION -> fraction(random);
      case CLOSED_FORM -> closedForm(random);
      case EXPRESSION -> expression(random);
      case UNIT -> unit(random);
      case TUPLE -> tuple(random);
      case DECIMAL -> decimal(random);
      case LIST -> list(random);
      case MATRIX -> matrix(random);
      case EQUATION -> equation(random);
      case SCIENTIFIC -> scientific(random);
      case INTERVAL -> interval(random);
      case UNION -> union(random);
      case THOUSANDS -> thousands(random);
      case WORD -> word(random);
      case BASE -> base(random);
      case CHOICE -> choice(random);
      case TUPLE_LIST -> tupleList(random);
      case MIXED_NUMBER -> mixedNumber(random);
      case INEQUALITY -> inequality(random);
    };
  }

  private static Pair integer(Random random) {
    int value = random.nextInt(10) == 0 ? random.nextInt(-500, 0) : random.nextInt(2000);
    String equal =
        switch (random.nextInt(4)) {
          case 0 -> "$" + value + "$";
          case 1 -> value + ".0";
          case 2 -> "\\text{" + value + "}";
          default -> "{" + value + "}";
        };
    return new Pair(Integer.toString(value), equal, Integer.toString(value + 1));
  }

  private static Pair fraction(Random random) {
    int denominator = random.nextInt(2, 60);
    int numerator = coprime(random, denominator);
    String equal =
        switch (random.nextInt(4)) {
          case 0 -> numerator + "/" + denominator;
          case 1 -> "\\dfrac{" + numerator + "}{" + denominator + "}";
          case 2 -> "\\frac{" + 3 * numerator + "}{" + 3 * denominator + "}";
          default -> "\\tfrac{%d}{%d}".formatted(numerator, denominator);
        };
    return new Pair(
        "\\frac{" + numerator + "}{" + denominator + "}",
        equal,
        "\\frac{" + (numerator + denominator) + "}{" + denominator + "}");
  }

  private static Pair closedForm(Random random) {
    int a = random.nextInt(2, 30);
    int b = random.nextInt(2, 9);
    int root = SQUARE_FREE[random.nextInt(SQUARE_FREE.length)];
    return switch (random.nextInt(4)) {
      case 0 ->
          new Pair(
              "%d\\sqrt{%d}".formatted(b, root),
              "\\sqrt{%d}".formatted(b * b * root),
              "%d\\sqrt{%d}".formatted(b + 1, root));
      case 1 ->
          new Pair(
              "%d+%d\\sqrt{%d}".formatted(a, b, root),
              "%d\\sqrt{%d} + %d".formatted(b, root, a),
              "%d-%d\\sqrt{%d}".formatted(a, b, root));
      case 2 ->
          new Pair(
              "\\frac{%d\\pi}{%d}".formatted(a, b),
              "\\frac{%d}{%d}\\pi".formatted(a, b),
              "\\frac{%d\\pi}{%d}".formatted(a, b + 1));
      default ->
          new Pair(
              "\\frac{%d}{\\sqrt{%d}}".formatted(a, root),
              "\\frac{%d\\sqrt{%d}}{%d}".formatted(a, root, root),
              "\\frac{%d\\sqrt{%d}}{%d}".formatted(a, root, root + 1));
    };
  }

  private static Pair expression(Random random) {
    int a = random.nextInt(1, 20);
    int b = random.nextInt(1, 20);
    int sum = a + b;
    return random.nextBoolean()
        ? new Pair(
            "x^2+%dx+%d".formatted(sum, a * b),
            "(x+%d)(x+%d)".formatted(a, b),
            "x^2+%dx+%d".formatted(sum + 1, a * b))
        : new Pair(
            "\\frac{n(n+%d)}{2}".formatted(sum),
            "\\frac{1}{2}n^2 + \\frac{%d}{2}n".formatted(sum),
            "\\frac{n(n-%d)}{2}".formatted(sum));
  }

  private static Pair unit(Random random) {
    int value = random.nextInt(2, 400);
    if (random.nextInt(3) == 0) {
      return new Pair(value + "\\%", value + "", (value + 1) + "\\%");
    }
    String unit = UNITS[random.nextInt(UNITS.length)];
    return new Pair(
        "%d\\text{ %s}".formatted(value, unit),
        Integer.toString(value),
        "%d\\text{ %s}".formatted(value + 2, unit));
  }

  private static Pair tuple(Random random) {
    int a = random.nextInt(-20, 20);
    int b = random.nextInt(1, 20);
    return new Pair(
        "(%d,%d)".formatted(a, b),
        "\\left( %d, \\frac{%d}{2} \\right)".formatted(a, 2 * b),
        "(%d,%d)".formatted(b, a - 30));
  }

  private static Pair decimal(Random random) {
    int hundredths = random.nextInt(101, 9999);
    String text = String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
    return new Pair(text, text + "0", String.format(Locale.ROOT, "%.2f", (hundredths + 1) / 100.0));
  }

  private static Pair list(Random random) {
    int a = random.nextInt(-30, 0);
    int b = random.nextInt(1, 30);
    return new Pair(
        "%d,%d".formatted(a, b), "%d \\text{ and } %d".formatted(b, a), Integer.toString(a));
  }

  private static Pair matrix(Random random) {
    int[] entry = random.ints(4, -9, 10).toArray();
    return new Pair(
        "\\begin{pmatrix} %d & %d \\\\ %d & %d \\end{pmatrix}"
            .formatted(entry[0], entry[1], entry[2], entry[3]),
        "\\begin{bmatrix}%d&%d\\\\%d&%d\\end{bmatrix}"
            .formatted(entry[0], entry[1], entry[2], entry[3]),
        "\\begin{pmatrix} %d & %d \\\\ %d & %d \\end{pmatrix}"
            .formatted(entry[0], entry[1], entry[2], entry[3] + 1));
  }

  private static Pair equation(Random random) {
    int a = random.nextInt(2, 9);
    int b = random.nextInt(1, 20);
    return new Pair(
        "y=%dx+%d".formatted(a, b), "%dx - y = -%d".formatted(a, b), "y=%dx-%d".formatted(a, b));
  }

  private static Pair scientific(Random random) {
    String mantissa = String.format(Locale.ROOT, "%.2f", random.nextInt(101, 999) / 100.0);
    int exponent = random.nextInt(3, 15);
    return new Pair(
        "%s \\times 10^{%d}".formatted(mantissa, exponent),
        "%se%d".formatted(mantissa, exponent),
        "%s \\times 10^{%d}".formatted(mantissa, exponent + 1));
  }

  private static Pair interval(Random random) {
    int a = random.nextInt(-20, 0);
    int b = random.nextInt(1, 20);
    return new Pair(
        "(%d,%d]".formatted(a, b),
        "\\left(%d, %d\\right]".formatted(a, b),
        "(%d,%d)".formatted(a, b));
  }

  private static Pair union(Random random) {
    int a = random.nextInt(-20, 0);
    int b = random.nextInt(1, 20);
    return new Pair(
        "(-\\infty,%d)\\cup(%d,\\infty)".formatted(a, b),
        "(%d, \\infty) \\cup (-\\infty, %d)".formatted(b, a),
        "(-\\infty,%d]\\cup(%d,\\infty)".formatted(a, b));
  }

  private static Pair thousands(Random random) {
    int thousands = random.nextInt(1, 999);
    int rest = random.nextInt(100, 999);
    return new Pair(
        "%d,%d".formatted(thousands, rest),
        "%d%d".formatted(thousands, rest),
        "%d,%d".formatted(thousands, rest + 1));
  }

  private static Pair word(Random random) {
    int chosen = random.nextInt(WORDS.length);
    return new Pair(
        "\\text{" + WORDS[chosen] + "}",
        WORDS[chosen].toLowerCase(Locale.ROOT),
        "\\text{" + WORDS[(chosen + 1) % WORDS.length] + "}");
  }

  private static Pair base(Random random) {
    int base = random.nextInt(3, 10);
    BigInteger value = BigInteger.valueOf(random.nextInt(base, 4000));
    String digits = value.toString(base);
    return new Pair(
        "%s_{%d}".formatted(digits, base),
        "(%s)_%d".formatted(digits, base),
        "%s_{%d}".formatted(value.add(BigInteger.ONE).toString(base), base));
  }

  private static Pair choice(Random random) {
    char letter = (char) ('A' + random.nextInt(5));
    return new Pair(
        "\\text{(" + letter + ")}",
        Character.toString(letter),
        Character.toString((char) (letter + 1)));
  }

  private static Pair tupleList(Random random) {
    int a = random.nextInt(-9, 0);
    int b = random.nextInt(1, 9);
    return new Pair(
        "(%d,%d),(%d,%d)".formatted(a, b, b, a),
        "(%d, %d), (%d, %d)".formatted(b, a, a, b),
        "(%d,%d),(%d,%d)".formatted(a, b, b, b));
  }

  private static Pair mixedNumber(Random random) {
    int denominator = random.nextInt(2, 12);
    int numerator = coprime(random, denominator) % denominator;
    int whole = random.nextInt(1, 30);
    return new Pair(
        "%d\\frac{%d}{%d}".formatted(whole, numerator, denominator),
        "\\frac{%d}{%d}".formatted(whole * denominator + numerator, denominator),
        "\\frac{%d}{%d}".formatted(whole * numerator, denominator));
  }

  private static Pair inequality(Random random) {
    int bound = random.nextInt(1, 50);
    return new Pair("x > " + bound, bound + " < x", "x \\ge " + bound);
  }

  private static int coprime(Random random, int denominator) {
    while (true) {
      int candidate = random.nextInt(1, 100);
      if (BigInteger.valueOf(candidate).gcd(BigInteger.valueOf(denominator)).intValue() == 1) {
        return candidate;
      }
    }
  }
}
