package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer.Numeral;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/** Reads literals: integers, decimals with and without exponent, and numerals in a base. */
final class Numerals {
  private static final int THOUSANDS_GROUP = 3;

  /** Of a digit before dots, such as 0.333…, so that it is taken to go on. */
  private static final int LEAST_REPETITIONS = 3;

  /** Longer exponents exceed every digit limit, and would overflow an int. */
  private static final int EXPONENT_DIGITS = 9;

  /** Small letters beside digits are symbols in other bases: {@code 2a_{12}}. */
  private static final int HEXADECIMAL = 16;

  private final Cursor cursor;
  private final Limits limits;

  Numerals(Cursor cursor, Limits limits) {
    this.cursor = cursor;
    this.limits = limits;
  }

  boolean starts() {
    return cursor.at(Kind.DIGITS) || startsFraction(0);
  }

  /** Whether the token ahead is the point of a decimal fraction. */
  private boolean startsFraction(int ahead) {
    Token digits = cursor.peek(ahead + 1);
    return cursor.at(ahead, Kind.DOT)
        && digits.gap() == Gap.NONE
        && (digits.is(Kind.DIGITS) || digits.is(Kind.OVERLINE) || digits.is(Kind.DOTTED_DIGIT));
  }

  /**
   * Reads a number.
   *
   * @param inBrackets whether a plain comma separates elements rather than thousands
   */
  Expression number(boolean inBrackets) {
    String whole = cursor.at(Kind.DIGITS) ? groupedDigits(inBrackets) : "";
    boolean pointed = whole.isEmpty() || (startsFraction(0) && cursor.peek().gap() == Gap.NONE);
    String fraction = "";
    String repeating = "";
    if (pointed) {
      cursor.expect(Kind.DOT);
      fraction = cursor.at(Kind.DIGITS) ? cursor.take().text() : "";
      repeating =
          cursor.at(Kind.OVERLINE) ? overlined() : cursor.at(Kind.DOTTED_DIGIT) ? dotted() : "";
      if (repeating.isEmpty() && cursor.accept(Kind.ELLIPSIS)) {
        repeating = period(fraction);
        fraction = withoutPeriods(fraction, repeating);
      }
    }
    Optional<Integer> exponent = exponent();
    if (!repeating.isEmpty()) {
      return repeating(whole, fraction, repeating);
    }
    if (!pointed && exponent.isEmpty()) {
      return new Expression.Number(Rational.of(integer(whole)));
    }
    return decimal(whole + fraction, exponent.orElse(0) - fraction.length());
  }

  /** {@code digits * 10^exponent}, where the last digit is the last known. */
  Expression.Decimal decimal(String digits, int exponent) {
    if (digits.length() + Math.abs((long) exponent) > limits.digits()) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
    Rational lastPlace = exponent < 0 ? new Rational(BigInteger.ONE, power) : Rational.of(power);
    return new Expression.Decimal(
        lastPlace.times(Rational.of(integer(digits))), lastPlace, significant(digits));
  }

  private static int significant(String digits) {
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    return digits.length() - first;
  }

  /** {@code 0.1\overline{6}} is (16 - 1) / 90. */
  private Expression repeating(String whole, String fraction, String repeating) {
    BigInteger all = integer(whole + fraction + repeating);
    BigInteger before = integer("0" + whole + fraction);
    BigInteger nines = BigInteger.TEN.pow(repeating.length()).subtract(BigInteger.ONE);
    return new Expression.Number(
        new Rational(all.subtract(before), nines.multiply(BigInteger.TEN.pow(fraction.length()))));
  }

  /** The digits from the first with a dot to the last. */
  private String dotted() {
    String first = cursor.expect(Kind.DOTTED_DIGIT).text();
    String between = cursor.at(Kind.DIGITS) ? cursor.peek().text() : "";
    int last = between.isEmpty() ? 0 : 1;
    if (!cursor.at(last, Kind.DOTTED_DIGIT)) {
      return first;
    }
    if (last == 1) {
      cursor.take();
    }
    return first + between + cursor.take().text();
  }

  /** The shortest digits that a fraction with dots behind it is seen to end in repeatedly. */
  private String period(String fraction) {
    for (int length = 1; length <= fraction.length() / 2; length++) {
      String period = fraction.substring(fraction.length() - length);
      if (fraction.endsWith(period.repeat(length == 1 ? LEAST_REPETITIONS : 2))) {
        return period;
      }
    }
    throw cursor.unreadable();
  }

  private static String withoutPeriods(String fraction, String period) {
    String rest = fraction;
    while (rest.endsWith(period)) {
      rest = rest.substring(0, rest.length() - period.length());
    }
    return rest;
  }

  private String overlined() {
    cursor.expect(Kind.OVERLINE);
    cursor.expect(Kind.OPEN_BRACE);
    String digits = cursor.expect(Kind.DIGITS).text();
    cursor.expect(Kind.CLOSE_BRACE);
    return digits;
  }

  /** The exponent of {@code 2.75e11}, which has no spaces. */
  private Optional<Integer> exponent() {
    Token letter = cursor.peek();
    if (!letter.is(Kind.WORD) || !letter.text().equalsIgnoreCase("e") || letter.gap() != Gap.NONE) {
      return Optional.empty();
    }
    boolean signed = cursor.at(1, Kind.MINUS) || cursor.at(1, Kind.PLUS);
    Token digits = cursor.peek(signed ? 2 : 1);
    boolean close = digits.gap() == Gap.NONE && cursor.peek(1).gap() == Gap.NONE;
    if (!digits.is(Kind.DIGITS) || !close) {
      return Optional.empty();
    }
    cursor.take();
    boolean negative = signed && cursor.take().is(Kind.MINUS);
    int magnitude = exponent(cursor.take().text());
    return Optional.of(negative ? -magnitude : magnitude);
  }

  private static int exponent(String digits) {
    if (digits.length() > EXPONENT_DIGITS) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return Integer.parseInt(digits);
  }

  private BigInteger integer(String digits) {
    if (digits.length() > limits.digits()) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    return new BigInteger(digits);
  }

  /** Digits with or without thousands separators; groups after the first have three digits. */
  private String groupedDigits(boolean inBrackets) {
    String first = cursor.take().text();
    if (first.length() > THOUSANDS_GROUP || first.startsWith("0")) {
      return first;
    }
    StringBuilder all = new StringBuilder(first);
    for (int group = groupAhead(inBrackets); group >= 0; group = groupAhead(inBrackets)) {
      for (int i = 0; i < group; i++) {
        cursor.take();
      }
      all.append(cursor.take().text());
    }
    return all.toString();
  }

  /** Separating tokens before the next group of thousands; negative if none follows. */
  private int groupAhead(boolean inBrackets) {
    boolean comma = cursor.at(Kind.COMMA);
    int ahead = comma || cursor.at(Kind.THOUSANDS_COMMA) ? 1 : 0;
    Token digits = cursor.peek(ahead);
    boolean group =
        digits.is(Kind.DIGITS)
            && digits.text().length() == THOUSANDS_GROUP
            && (ahead == 0 ? !startsFractionBehind() : digits.gap() != Gap.WIDE)
            && (ahead == 0 || cursor.peek().gap() != Gap.WIDE);
    boolean separated = ahead == 1 || digits.gap() != Gap.NONE;
    // A comma with space behind it separates elements, and so does any plain one in brackets.
    boolean separator =
        comma && (digits.gap() == Gap.THIN || (digits.gap() == Gap.NONE && inBrackets));
    return group && separated && !separator ? ahead : -1;
  }

  /** Whether digits behind a space are the numerator of a mixed number: {@code 2 100/300}. */
  private boolean startsFractionBehind() {
    return cursor.peek().gap() == Gap.WIDE && cursor.at(1, Kind.SLASH);
  }

  /** A numeral with its base behind it, if one stands here: {@code 43_5}, {@code (43)_{5}}. */
  Optional<Numeral> inBase() {
    int from = cursor.at(Kind.MINUS) ? 1 : 0;
    boolean enclosed = cursor.at(from, Kind.OPEN_PARENTHESIS) || cursor.at(from, Kind.OPEN_BRACE);
    from += enclosed ? 1 : 0;
    boolean negative = cursor.at(Kind.MINUS) ^ (enclosed && cursor.at(from, Kind.MINUS));
    from += enclosed && cursor.at(from, Kind.MINUS) ? 1 : 0;
    StringBuilder digits = new StringBuilder();
    int ahead = from;
    while (isDigitPart(cursor.peek(ahead))
        && (ahead == from || cursor.peek(ahead).gap() == Gap.NONE)) {
      digits.append(cursor.peek(ahead++).text());
    }
    if (digits.isEmpty() || (enclosed && !cursor.peek(ahead++).kind().closes())) {
      return Optional.empty();
    }
    int start = cursor.position();
    for (int i = 0; i < ahead; i++) {
      cursor.take();
    }
    Optional<Integer> base = base();
    if (base.isEmpty() || !areDigits(digits, base.get())) {
      cursor.returnTo(start);
      return Optional.empty();
    }
    String plain = withoutLeadingZeros(digits.toString());
    return Optional.of(new Numeral(negative ? "-" + plain : plain, base.get()));
  }

  private static boolean isDigitPart(Token token) {
    return token.is(Kind.DIGITS) || token.isLetters();
  }

  private Optional<Integer> base() {
    if (cursor.accept(Kind.UNDERSCORE)) {
      boolean braced = cursor.accept(Kind.OPEN_BRACE);
      acceptWordBase();
      boolean enclosed = cursor.accept(Kind.OPEN_PARENTHESIS);
      Optional<Integer> base = baseDigits();
      boolean closed =
          (!enclosed || cursor.accept(Kind.CLOSE_PARENTHESIS))
              && (!braced || cursor.accept(Kind.CLOSE_BRACE));
      return closed ? base : Optional.empty();
    }
    return acceptWordBase() ? baseDigits() : Optional.empty();
  }

  private boolean acceptWordBase() {
    if (cursor.peek().text().equals("in") && cursor.peek(1).text().equals("base")) {
      cursor.take();
    }
    boolean found = cursor.peek().isLetters() && cursor.peek().text().equals("base");
    if (found) {
      cursor.take();
    }
    return found;
  }

  /** The base in digits or as a word. */
  private Optional<Integer> baseDigits() {
    if (cursor.peek().isLetters()) {
      return Wording.number(cursor.take().text()).flatMap(Numerals::inRange);
    }
    String digits = cursor.at(Kind.DIGITS) ? cursor.take().text() : "";
    if (digits.isEmpty() || digits.length() > 2) {
      return Optional.empty();
    }
    return inRange(Integer.parseInt(digits));
  }

  private static Optional<Integer> inRange(int base) {
    return base < Character.MIN_RADIX || base > Character.MAX_RADIX
        ? Optional.empty()
        : Optional.of(base);
  }

  /**
   * Letters must be digits of the base, and one alone, as in {@code a_{12}}, is a symbol with an
   * index. Decimal digits may be too large for the base: then the numeral equals nothing else.
   */
  private static boolean areDigits(CharSequence digits, int base) {
    boolean letters = digits.chars().anyMatch(Character::isLetter);
    return !letters
        || (digits.length() > 1
            && digits.chars().allMatch(c -> Character.digit(c, base) >= 0)
            && (digits.chars().noneMatch(Character::isLowerCase)
                || (base == HEXADECIMAL && digits.chars().anyMatch(Character::isDigit))));
  }

  private static String withoutLeadingZeros(String digits) {
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    return digits.substring(first).toUpperCase(Locale.ROOT);
  }
}
