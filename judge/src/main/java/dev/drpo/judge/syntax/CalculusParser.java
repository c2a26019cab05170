package dev.drpo.judge.syntax;

import dev.drpo.judge.algebra.Calculus;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Reads limits and definite integrals of rational functions as their values where those are known;
 * others are not computed.
 */
final class CalculusParser {
  private static final Expression ONE = new Expression.Number(Rational.ONE);

  private final Cursor cursor;
  private final ScalarParser scalars;
  private final Calculus calculus;

  CalculusParser(Cursor cursor, ScalarParser scalars, Calculus calculus) {
    this.cursor = cursor;
    this.scalars = scalars;
    this.calculus = calculus;
  }

  /** {@code \lim_{x \to a} term}. */
  Expression limit() {
    cursor.expect(Kind.LIMIT);
    cursor.expect(Kind.UNDERSCORE);
    cursor.expect(Kind.OPEN_BRACE);
    String variable = letter(cursor.take());
    cursor.expect(Kind.ARROW);
    Expression towards = scalars.sum();
    boolean oneSided = cursor.at(Kind.CARET) || cursor.at(Kind.PLUS) || cursor.at(Kind.MINUS);
    if (oneSided) {
      throw cursor.unreadable();
    }
    cursor.expect(Kind.CLOSE_BRACE);
    Expression term = scalars.term();
    return calculus
        .limit(term, variable, towards)
        .orElseGet(() -> Opaque.value("limit", variable, term, List.of(towards)));
  }

  /** {@code \int_a^b term dx}. */
  Expression integral() {
    cursor.expect(Kind.INTEGRAL);
    cursor.expect(Kind.UNDERSCORE);
    Expression from = scalars.bound();
    cursor.expect(Kind.CARET);
    Expression to = scalars.bound();
    Expression integrand;
    String variable;
    if (startsReciprocal()) {
      variable = differential();
      integrand = new Expression.Quotient(ONE, scalars.letterOrDigit());
    } else {
      markDifferential();
      integrand = cursor.at(Kind.DIFFERENTIAL) ? ONE : scalars.sum();
      variable = cursor.expect(Kind.DIFFERENTIAL).text();
    }
    Optional<Expression> value = calculus.integral(integrand, variable, from, to);
    return value.orElseGet(() -> Opaque.value("integral", variable, integrand, List.of(from, to)));
  }

  /** Whether the differential is a numerator: {@code \frac{dx}{x}}. */
  private boolean startsReciprocal() {
    return cursor.at(Kind.FRACTION)
        && cursor.at(1, Kind.OPEN_BRACE)
        && cursor.at(2, Kind.WORD)
        && cursor.peek(2).text().length() == 2
        && cursor.peek(2).text().charAt(0) == 'd'
        && cursor.at(3, Kind.CLOSE_BRACE);
  }

  private String differential() {
    cursor.expect(Kind.FRACTION);
    cursor.expect(Kind.OPEN_BRACE);
    String variable = cursor.take().text().substring(1);
    cursor.expect(Kind.CLOSE_BRACE);
    return variable;
  }

  private String letter(Token token) {
    if (token.is(Kind.WORD) && token.text().length() == 1) {
      return token.text();
    }
    throw cursor.unreadable();
  }

  /** Finds the {@code dx} that ends the integral which begins here. */
  private void markDifferential() {
    int depth = 0;
    for (int ahead = 0; !cursor.at(ahead, Kind.END); ahead++) {
      Token token = cursor.peek(ahead);
      if (token.kind().opens()) {
        depth++;
      } else if (token.kind().closes()) {
        depth--;
      }
      int length = token.text().length();
      boolean ends =
          depth == 0
              && token.is(Kind.WORD)
              && (length == 2 || length == 3)
              && token.text().charAt(length - 2) == 'd';
      if (ends) {
        cursor.split(ahead, length - 2, Kind.DIFFERENTIAL);
        return;
      }
    }
    throw cursor.unreadable();
  }
}
