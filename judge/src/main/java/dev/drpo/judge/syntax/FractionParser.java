package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Reads numbers, mixed numbers, and the commands that take arguments as TeX does. */
final class FractionParser {
  private static final Expression TWO = new Expression.Number(Rational.of(BigInteger.TWO));

  private final Cursor cursor;
  private final ScalarParser scalars;
  private final Numerals numerals;
  private final SymbolParser symbols;

  FractionParser(Cursor cursor, ScalarParser scalars, Numerals numerals, SymbolParser symbols) {
    this.cursor = cursor;
    this.scalars = scalars;
    this.numerals = numerals;
    this.symbols = symbols;
  }

  /** A number, which a proper fraction behind it makes a mixed one. */
  Expression number() {
    if (!numerals.starts()) {
      throw cursor.unreadable();
    }
    Expression value = numerals.number(scalars.isInBrackets());
    if (!(value instanceof Expression.Number whole)) {
      return value;
    }
    Optional<Expression> part = fractionOfMixedNumber();
    return part.<Expression>map(fraction -> new Expression.Sum(List.of(whole, fraction)))
        .orElse(whole);
  }

  /** The proper fraction that makes an integer before it a mixed number. */
  private Optional<Expression> fractionOfMixedNumber() {
    boolean plain =
        cursor.at(Kind.DIGITS)
            && cursor.peek().gap() == Gap.WIDE
            && cursor.at(1, Kind.SLASH)
            && cursor.at(2, Kind.DIGITS);
    if (!plain && !startsFractionOfIntegers()) {
      return Optional.empty();
    }
    Expression part = plain ? plainFraction() : fraction();
    if (part instanceof Expression.Quotient(Expression.Number top, Expression.Number bottom)
        && top.value().compareTo(bottom.value()) < 0) {
      return Optional.of(part);
    }
    // An improper part is as likely a product, so it isn't guessed at.
    throw cursor.unreadable();
  }

  /** Looks ahead, since reading on and coming back would double with every nested fraction. */
  private boolean startsFractionOfIntegers() {
    if (!cursor.at(Kind.FRACTION)) {
      return false;
    }
    boolean together = cursor.at(1, Kind.DIGITS) && cursor.peek(1).text().length() > 1;
    int denominator = together ? 1 : behindInteger(1);
    return denominator > 0 && behindInteger(denominator) > 0;
  }

  /** Tokens ahead behind an integer argument; 0 if none stands there. */
  private int behindInteger(int ahead) {
    if (cursor.at(ahead, Kind.DIGITS)) {
      return ahead + 1;
    }
    boolean braced =
        cursor.at(ahead, Kind.OPEN_BRACE)
            && cursor.at(ahead + 1, Kind.DIGITS)
            && cursor.at(ahead + 2, Kind.CLOSE_BRACE);
    return braced ? ahead + 3 : 0;
  }

  private Expression plainFraction() {
    Expression top = integer();
    cursor.expect(Kind.SLASH);
    return new Expression.Quotient(top, integer());
  }

  Expression integer() {
    return new Expression.Number(Rational.of(new BigInteger(cursor.expect(Kind.DIGITS).text())));
  }

  Expression fraction() {
    cursor.expect(Kind.FRACTION);
    Expression top = argument();
    return new Expression.Quotient(top, argument());
  }

  Expression binomial() {
    cursor.expect(Kind.BINOMIAL);
    Expression total = argument();
    return new Expression.Binomial(total, argument());
  }

  /** A group, or as TeX has it a single digit or letter: {@code \frac12} is one half. */
  Expression argument() {
    return switch (cursor.peek().kind()) {
      case DIGITS -> new Expression.Number(Rational.of(new BigInteger(cursor.takePart(1))));
      case WORD -> symbols.letter();
      case OPEN_BRACE, SYMBOL, PI, FRACTION, ROOT -> scalars.primary();
      default -> throw cursor.unreadable();
    };
  }

  Expression root() {
    cursor.expect(Kind.ROOT);
    Expression degree = TWO;
    if (cursor.accept(Kind.OPEN_BRACKET)) {
      degree = scalars.sum();
      cursor.expect(Kind.CLOSE_BRACKET);
    }
    return new Expression.Root(degree, radicand());
  }

  Expression surd() {
    cursor.expect(Kind.SURD);
    return new Expression.Root(TWO, radicand());
  }

  /** Writers mean the whole number behind a root sign, though TeX takes its first digit. */
  private Expression radicand() {
    return switch (cursor.peek().kind()) {
      case DIGITS -> numerals.number(scalars.isInBrackets());
      case WORD -> symbols.letter();
      case OPEN_BRACE, OPEN_PARENTHESIS, SYMBOL, PI, FRACTION, ROOT, SURD -> scalars.primary();
      default -> throw cursor.unreadable();
    };
  }
}
