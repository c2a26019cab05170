package dev.drpo.reward.judge;

import dev.drpo.reward.judge.Syntax.DecimalLiteral;
import dev.drpo.reward.judge.Syntax.Fraction;
import dev.drpo.reward.judge.Syntax.IntegerLiteral;
import dev.drpo.reward.judge.Syntax.Measured;
import dev.drpo.reward.judge.Syntax.MixedNumber;
import dev.drpo.reward.judge.Syntax.Negation;
import dev.drpo.reward.judge.Token.Kind;
import dev.drpo.reward.judge.limit.Budget;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Reads one number by recursive descent.
 *
 * <pre>
 * answer    = [sign] ["$" [sign]] magnitude ["$"] ["%" | "percent"] ["."]
 * magnitude = fraction | operand "/" operand | integer fraction | integer " " digits "/" digits
 *           | numeral ["x" "10" "^" exponent] | group
 * fraction  = \frac argument argument          argument = group | one digit
 * group     = "{" [sign] magnitude "}"         operand  = group | numeral
 * </pre>
 *
 * Whatever is left over halts the reading as {@link Reading.Outside}. The lexer bounds the nesting.
 */
final class Parser {
  private static final Set<Kind> SPACES = EnumSet.of(Kind.SPACE, Kind.THIN_SPACE);
  private static final Set<Kind> SIGNS = EnumSet.of(Kind.PLUS, Kind.MINUS);
  private static final int THOUSANDS_GROUP = 3;

  private final List<Token> tokens;
  private final Budget budget;
  private int at;

  private Parser(List<Token> tokens, Budget budget) {
    this.tokens = new ArrayList<>(tokens);
    this.budget = budget;
  }

  static Syntax parse(List<Token> tokens, Budget budget) {
    budget.spend(tokens.size());
    return new Parser(tokens, budget).answer();
  }

  private Syntax answer() {
    skipSpaces();
    boolean signed = SIGNS.contains(kind());
    boolean negative = sign();
    boolean dollars = accept(Kind.DOLLAR);
    skipSpaces();
    if (dollars && !signed) {
      negative = sign();
    }
    Syntax number = negated(negative, magnitude());
    skipSpaces();
    if (!dollars && accept(Kind.DOLLAR)) {
      dollars = true;
    }
    Unit unit = dollars ? Unit.DOLLAR : percent() ? Unit.PERCENT : Unit.NONE;
    skipSpaces();
    accept(Kind.DOT);
    skipSpaces();
    expect(Kind.END);
    return unit == Unit.NONE ? number : new Measured(number, unit);
  }

  private boolean percent() {
    if (kind() == Kind.WORD && token().text().equalsIgnoreCase("percent")) {
      at++;
      return true;
    }
    return accept(Kind.PERCENT);
  }

  private Syntax magnitude() {
    budget.spend(1);
    if (accept(Kind.FRACTION)) {
      return fractionArguments();
    }
    Syntax first = operand();
    if (first instanceof IntegerLiteral whole && startsMixedFraction()) {
      return mixed(whole);
    }
    if (acceptSpaced(Kind.SLASH)) {
      return new Fraction(first, operand());
    }
    if (acceptSpaced(Kind.TIMES)) {
      return timesPowerOfTen(first);
    }
    return first;
  }

  private Syntax operand() {
    skipSpaces();
    return kind() == Kind.OPEN ? group() : numeral();
  }

  private Syntax group() {
    expect(Kind.OPEN);
    skipSpaces();
    boolean negative = sign();
    Syntax inside = negated(negative, magnitude());
    skipSpaces();
    expect(Kind.CLOSE);
    return inside;
  }

  private Fraction fractionArguments() {
    return new Fraction(argument(), argument());
  }

  /** A group, or as TeX has it a single digit: {@code \frac12} is one half. */
  private Syntax argument() {
    skipSpaces();
    if (kind() == Kind.OPEN) {
      return group();
    }
    if (kind() != Kind.DIGITS) {
      throw outside();
    }
    String digits = token().text();
    if (digits.length() == 1) {
      at++;
    } else {
      tokens.set(at, new Token(Kind.DIGITS, digits.substring(1)));
    }
    return new IntegerLiteral(digits.substring(0, 1));
  }

  private boolean startsMixedFraction() {
    int next = afterSpaces();
    return switch (kindAt(next)) {
      case FRACTION -> true;
      case DIGITS -> next > at;
      default -> false;
    };
  }

  private Syntax mixed(IntegerLiteral whole) {
    skipSpaces();
    Fraction part = kind() == Kind.FRACTION ? texFraction() : plainFraction();
    // An improper part is as likely a product, so it isn't guessed at.
    if (part.numerator() instanceof IntegerLiteral numerator
        && part.denominator() instanceof IntegerLiteral denominator
        && numerator.isBelow(denominator)) {
      return new MixedNumber(whole, numerator, denominator);
    }
    throw outside();
  }

  private Fraction texFraction() {
    expect(Kind.FRACTION);
    return fractionArguments();
  }

  private Fraction plainFraction() {
    Syntax numerator = numeral();
    skipSpaces();
    expect(Kind.SLASH);
    return new Fraction(numerator, operand());
  }

  private Syntax timesPowerOfTen(Syntax factor) {
    skipSpaces();
    if (kind() != Kind.DIGITS || !token().text().equals("10")) {
      throw outside();
    }
    at++;
    expect(Kind.CARET);
    boolean braced = accept(Kind.OPEN);
    boolean negative = sign();
    String exponent = digits();
    if (braced) {
      expect(Kind.CLOSE);
    }
    return switch (factor) {
      case IntegerLiteral whole -> new DecimalLiteral(whole.digits(), "", negative, exponent);
      case DecimalLiteral decimal when decimal.exponent().equals("0") ->
          new DecimalLiteral(decimal.whole(), decimal.fraction(), negative, exponent);
      default -> throw outside();
    };
  }

  private Syntax numeral() {
    String whole = kind() == Kind.DIGITS ? groupedDigits() : "";
    String fraction = "";
    boolean pointed = kind() == Kind.DOT && kindAt(at + 1) == Kind.DIGITS;
    if (pointed) {
      at++;
      fraction = digits();
    }
    if (whole.isEmpty() && !pointed) {
      throw outside();
    }
    if (startsExponent()) {
      at++;
      boolean negative = sign();
      return new DecimalLiteral(whole, fraction, negative, digits());
    }
    return pointed ? new DecimalLiteral(whole, fraction, false, "0") : new IntegerLiteral(whole);
  }

  private boolean startsExponent() {
    if (kind() != Kind.WORD || !token().text().equalsIgnoreCase("e")) {
      return false;
    }
    int digits = SIGNS.contains(kindAt(at + 1)) ? at + 2 : at + 1;
    return kindAt(digits) == Kind.DIGITS;
  }

  /** Digits with or without thousands separators; groups after the first have three digits. */
  private String groupedDigits() {
    String first = digits();
    if (first.length() > THOUSANDS_GROUP || first.startsWith("0")) {
      return first;
    }
    StringBuilder all = new StringBuilder(first);
    for (int next = nextGroup(); next > at; next = nextGroup()) {
      at = next;
      all.append(digits());
    }
    return all.toString();
  }

  /** Index of the digits behind a thousands separator, or {@link #at} if none follow. */
  private int nextGroup() {
    int next = at;
    if (kindAt(next) == Kind.COMMA) {
      next++;
    }
    if (kindAt(next) == Kind.THIN_SPACE) {
      next++;
    }
    boolean group =
        kindAt(next) == Kind.DIGITS && tokens.get(next).text().length() == THOUSANDS_GROUP;
    return group ? next : at;
  }

  private String digits() {
    if (kind() != Kind.DIGITS) {
      throw outside();
    }
    return tokens.get(at++).text();
  }

  /** Reads an optional sign and the spaces after it: whether it is a minus. */
  private boolean sign() {
    boolean negative = kind() == Kind.MINUS;
    if (SIGNS.contains(kind())) {
      at++;
      skipSpaces();
    }
    return negative;
  }

  private static Syntax negated(boolean negative, Syntax operand) {
    return negative ? new Negation(operand) : operand;
  }

  private boolean acceptSpaced(Kind wanted) {
    int next = afterSpaces();
    if (kindAt(next) != wanted) {
      return false;
    }
    at = next + 1;
    return true;
  }

  private boolean accept(Kind wanted) {
    if (kind() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(Kind wanted) {
    if (!accept(wanted)) {
      throw outside();
    }
  }

  private void skipSpaces() {
    at = afterSpaces();
  }

  private int afterSpaces() {
    int next = at;
    while (SPACES.contains(kindAt(next))) {
      next++;
    }
    return next;
  }

  private Token token() {
    return tokens.get(at);
  }

  private Kind kind() {
    return kindAt(at);
  }

  private Kind kindAt(int index) {
    return index < tokens.size() ? tokens.get(index).kind() : Kind.END;
  }

  private static Halt outside() {
    return new Halt(new Reading.Outside());
  }
}
