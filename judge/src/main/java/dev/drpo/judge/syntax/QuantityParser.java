package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Numeral;
import dev.drpo.judge.answer.Answer.Ratio;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.answer.UnitNames;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads expressions with their units: quantities, amounts of money, ratios and times of day. */
final class QuantityParser {
  private static final Expression MICRO = new Expression.Symbol("\\mu");
  private static final Rational MILLIONTH =
      new Rational(BigInteger.ONE, BigInteger.valueOf(1_000_000));

  private final Cursor cursor;
  private final ScalarParser scalars;
  private final UnitParser units;

  QuantityParser(Cursor cursor, ScalarParser scalars, UnitParser units) {
    this.cursor = cursor;
    this.scalars = scalars;
    this.units = units;
  }

  /** The quantity that stands here. */
  Answer read() {
    Optional<Numeral> numeral = scalars.numerals().inBase();
    if (numeral.isPresent()) {
      return decimal(numeral.get());
    }
    Optional<Unit> currency = currencyBefore();
    if (currency.isPresent()) {
      return money(currency.get());
    }
    Expression value = scalars.expression();
    if (cursor.at(Kind.COLON)) {
      return ratio(value);
    }
    if (units.startsHalfOfDay()) {
      return new Ratio(List.of(value, new Expression.Number(Rational.ZERO)), halfOfDay());
    }
    return units.starts() ? measured(value) : Scalar.of(value);
  }

  /** A numeral that says that its base is ten is a number like any other. */
  private static Answer decimal(Numeral numeral) {
    boolean ten = numeral.base() == 10 && numeral.digits().chars().noneMatch(Character::isLetter);
    return ten
        ? Scalar.of(new Expression.Number(Rational.of(new BigInteger(numeral.digits()))))
        : numeral;
  }

  /** A currency sign before the number, with a sign or a country before it: {@code -US\$5}. */
  private Optional<Unit> currencyBefore() {
    int ahead = cursor.at(Kind.MINUS) || cursor.at(Kind.PLUS) ? 1 : 0;
    boolean country = cursor.peek(ahead).isLetters() && cursor.peek(ahead).text().equals("US");
    int sign = country ? ahead + 1 : ahead;
    return cursor.at(sign, Kind.CURRENCY)
        ? Optional.of(Unit.of(cursor.peek(sign).text(), ScalarParser.ONE.value()))
        : Optional.empty();
  }

  private Answer money(Unit currency) {
    boolean negative = cursor.at(Kind.MINUS);
    while (!cursor.take().is(Kind.CURRENCY)) {}
    Expression amount = scalars.expression();
    Unit unit = units.starts() ? currencyBehind(currency) : currency;
    return new Scalar(negative ? new Expression.Negation(amount) : amount, unit);
  }

  /** What stands behind an amount of money: a factor such as a million, or its name again. */
  private Unit currencyBehind(Unit currency) {
    Unit unit = units.unit();
    if (unit.dimensions().isEmpty()) {
      return unit.times(currency);
    }
    if (!unit.measuresSameAs(currency)) {
      throw cursor.unreadable();
    }
    return unit;
  }

  private Answer ratio(Expression first) {
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (cursor.accept(Kind.COLON)) {
      parts.add(scalars.expression());
    }
    return new Ratio(parts, halfOfDay());
  }

  /** The letters of {@code a.m.} or {@code p.m.} behind a time. */
  private Optional<String> halfOfDay() {
    StringBuilder letters = new StringBuilder();
    while (cursor.peek().isLetters()) {
      letters.append(cursor.take().text());
      cursor.accept(Kind.DOT);
    }
    String half = letters.toString().toLowerCase(Locale.ROOT);
    return switch (half) {
      case "" -> Optional.empty();
      case "am", "pm" -> Optional.of(half);
      default -> throw cursor.unreadable();
    };
  }

  /** Minutes or seconds of arc. */
  private Unit arc() {
    cursor.expect(Kind.APOSTROPHE);
    long parts = cursor.accept(Kind.APOSTROPHE) ? 3600 : 60;
    return Unit.DEGREE.times(
        new Unit(Unit.NONE.dimensions(), new Rational(BigInteger.ONE, BigInteger.valueOf(parts))));
  }

  /** Takes the word in {@code 1 hour and 15 minutes}, which in {@code 3 cm and 5 cm} lists. */
  private boolean acceptsSmallerPart(Unit unit) {
    boolean joined = cursor.at(Kind.CONNECTIVE) && cursor.peek().text().equals("and");
    if (!joined || !cursor.at(1, Kind.DIGITS) || !cursor.peek(2).isLetters()) {
      return false;
    }
    boolean smaller =
        UnitNames.find(cursor.peek(2).text())
            .filter(part -> part.measuresSameAs(unit) && part.scale().compareTo(unit.scale()) < 0)
            .isPresent();
    if (smaller) {
      cursor.take();
    }
    return smaller;
  }

  /** A quantity, which may be written in several units: {@code 5 feet 6 inches}. */
  private Answer measured(Expression value) {
    if (value instanceof Expression.Product(List<Expression> factors)
        && factors.getLast().equals(MICRO)
        && cursor.peek().isLetters()
        && cursor.peek().gap() == Token.Gap.NONE) {
      Unit unit = units.unit().times(new Unit(Unit.NONE.dimensions(), MILLIONTH));
      return new Scalar(ScalarParser.product(factors.subList(0, factors.size() - 1)), unit);
    }
    Unit unit = units.unit();
    Expression total = value;
    while (!unit.isNone() && (scalars.numerals().starts() || acceptsSmallerPart(unit))) {
      Expression part = scalars.expression();
      Unit partUnit = unit.equals(Unit.DEGREE) && cursor.at(Kind.APOSTROPHE) ? arc() : units.unit();
      if (!partUnit.measuresSameAs(unit)) {
        throw cursor.unreadable();
      }
      Rational factor = partUnit.scale().dividedBy(unit.scale());
      total =
          new Expression.Sum(
              List.of(total, new Expression.Product(List.of(part, new Expression.Number(factor)))));
    }
    return new Scalar(total, unit);
  }
}
