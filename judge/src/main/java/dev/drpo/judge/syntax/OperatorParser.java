package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads operators that begin a factor: functions of several numbers, counts, and conjugates. */
final class OperatorParser {
  private static final Expression TWO = new Expression.Number(Rational.of(2));
  private static final int MOST_NUMBERS = 16;

  /** Longer products are no numbers that anybody writes with two signs. */
  private static final int MAX_DOUBLE_FACTORIAL = 300;

  private final Cursor cursor;
  private final ScalarParser scalars;
  private final SeriesParser series;
  private final CalculusParser calculus;
  private final MatrixParser matrices;

  OperatorParser(
      Cursor cursor, ScalarParser scalars, CalculusParser calculus, MatrixParser matrices) {
    this.cursor = cursor;
    this.scalars = scalars;
    this.series = new SeriesParser(cursor, scalars);
    this.calculus = calculus;
    this.matrices = matrices;
  }

  /** Whether a token begins an operator. */
  static boolean startsAt(Token token) {
    return switch (token.kind()) {
      case SEVERAL, SERIES, LIMIT, INTEGRAL, CONJUGATE, MATRIX_FUNCTION -> true;
      case BEGIN -> MatrixParser.isDeterminant(token);
      default -> false;
    };
  }

  Expression read() {
    return switch (cursor.peek().kind()) {
      case SEVERAL -> several();
      case SERIES -> series.read();
      case LIMIT -> calculus.limit();
      case INTEGRAL -> calculus.integral();
      case CONJUGATE -> conjugate();
      case MATRIX_FUNCTION, BEGIN -> matrices.scalar();
      case UNDERSCORE, CARET -> selection();
      default -> throw cursor.unreadable();
    };
  }

  private Expression conjugate() {
    cursor.take();
    return part(Function.CONJUGATE, scalars.group());
  }

  /** A part of a complex number; of an unknown one, a symbol of its own. */
  static Expression part(Function function, Expression number) {
    return Terms.anySymbol(number)
        ? new Expression.Symbol(function + "(" + number + ")")
        : new Expression.Call(function, number);
  }

  private Expression several() {
    String name = cursor.take().text();
    Kind close =
        switch (cursor.take().kind()) {
          case OPEN_PARENTHESIS -> Kind.CLOSE_PARENTHESIS;
          case OPEN_SET -> Kind.CLOSE_SET;
          case OPEN_BRACKET -> Kind.CLOSE_BRACKET;
          default -> throw cursor.unreadable();
        };
    scalars.enterBrackets();
    List<Expression> numbers = new ArrayList<>();
    do {
      numbers.add(scalars.sum());
    } while (cursor.accept(Kind.COMMA));
    scalars.leaveBrackets();
    cursor.expect(close);
    if (numbers.size() > MOST_NUMBERS) {
      throw cursor.unreadable();
    }
    return switch (name) {
      case "max" -> numbers.stream().reduce((a, b) -> extreme(a, b, false)).orElseThrow();
      case "min" -> numbers.stream().reduce((a, b) -> extreme(a, b, true)).orElseThrow();
      default -> common(name, numbers);
    };
  }

  /** The greater of two numbers is half their sum and their distance, the lesser the rest. */
  private static Expression extreme(Expression one, Expression other, boolean least) {
    Expression distance =
        new Expression.Call(
            Function.ABS, new Expression.Sum(List.of(one, new Expression.Negation(other))));
    return new Expression.Quotient(
        new Expression.Sum(
            List.of(one, other, least ? new Expression.Negation(distance) : distance)),
        TWO);
  }

  private Expression common(String name, List<Expression> numbers) {
    BigInteger result = null;
    for (Expression number : numbers) {
      BigInteger value = Literals.integer(number).orElseThrow(cursor::unreadable).abs();
      if (result == null) {
        result = value;
      } else if (name.equals("gcd")) {
        result = result.gcd(value);
      } else {
        result = value.signum() == 0 ? value : result.multiply(value).divide(result.gcd(value));
      }
    }
    return new Expression.Number(Rational.of(result));
  }

  /** {@code {}_{10}C_3}, the selections of 3 from 10, and {@code {}_{10}P_3}, those in order. */
  private Expression selection() {
    cursor.take();
    Expression total = argument();
    Token kind = cursor.take();
    boolean ordered = kind.text().equals("P");
    boolean named = kind.isLetters() && (ordered || kind.text().equals("C"));
    if (!named || !cursor.accept(Kind.UNDERSCORE)) {
      throw cursor.unreadable();
    }
    Expression chosen = argument();
    Expression selections = new Expression.Binomial(total, chosen);
    return ordered
        ? new Expression.Product(List.of(selections, new Expression.Factorial(chosen)))
        : selections;
  }

  private Expression argument() {
    return cursor.at(Kind.OPEN_BRACE) ? scalars.group() : scalars.letterOrDigit();
  }

  /** The product of every other number up to one, which two signs ask for. */
  static Optional<Expression> doubleFactorial(Expression operand) {
    Optional<BigInteger> number =
        Literals.integer(operand)
            .filter(n -> n.signum() >= 0)
            .filter(n -> n.compareTo(BigInteger.valueOf(MAX_DOUBLE_FACTORIAL)) <= 0);
    return number.map(
        n -> {
          BigInteger product = BigInteger.ONE;
          for (int factor = n.intValue(); factor > 1; factor -= 2) {
            product = product.multiply(BigInteger.valueOf(factor));
          }
          return new Expression.Number(Rational.of(product));
        });
  }
}
