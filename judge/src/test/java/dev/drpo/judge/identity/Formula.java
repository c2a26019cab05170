package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Binomial;
import dev.drpo.judge.expression.Expression.Call;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Factorial;
import dev.drpo.judge.expression.Expression.Logarithm;
import dev.drpo.judge.expression.Expression.Negation;
import dev.drpo.judge.expression.Expression.Number;
import dev.drpo.judge.expression.Expression.Power;
import dev.drpo.judge.expression.Expression.Product;
import dev.drpo.judge.expression.Expression.Quotient;
import dev.drpo.judge.expression.Expression.Root;
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the formulas of these tests: {@code + - * / ^ !}, names, {@code root(n, x)}, {@code log(b,
 * x)}, {@code binomial(n, k)} and the functions by name.
 */
final class Formula {
  private final String text;
  private int position;

  private Formula(String text) {
    this.text = text.replace(" ", "");
  }

  static Expression of(String text) {
    Formula formula = new Formula(text);
    Expression expression = formula.sum();
    if (formula.position != formula.text.length()) {
      throw new IllegalArgumentException("unexpected text in " + text + " at " + formula.position);
    }
    return expression;
  }

  static Expression number(long value) {
    return new Number(Rational.of(value));
  }

  private Expression sum() {
    List<Expression> terms = new ArrayList<>();
    terms.add(product());
    while (peek() == '+' || peek() == '-') {
      boolean negative = text.charAt(position++) == '-';
      terms.add(negative ? new Negation(product()) : product());
    }
    return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
  }

  private Expression product() {
    Expression result = factor();
    List<Expression> factors = new ArrayList<>();
    factors.add(result);
    while (peek() == '*' || peek() == '/') {
      if (text.charAt(position++) == '*') {
        factors.add(factor());
      } else {
        result = factors.size() == 1 ? factors.getFirst() : new Product(factors);
        factors = new ArrayList<>();
        factors.add(new Quotient(result, factor()));
      }
    }
    return factors.size() == 1 ? factors.getFirst() : new Product(factors);
  }

  private Expression factor() {
    if (peek() == '-') {
      position++;
      return new Negation(factor());
    }
    Expression base = atom();
    while (peek() == '!') {
      position++;
      base = new Factorial(base);
    }
    if (peek() == '^') {
      position++;
      return new Power(base, factor());
    }
    return base;
  }

  private Expression atom() {
    if (peek() == '(') {
      return arguments().getFirst();
    }
    int start = position;
    while (Character.isDigit(peek())) {
      position++;
    }
    if (position > start) {
      return new Number(Rational.of(new BigInteger(text.substring(start, position))));
    }
    while (Character.isLetter(peek())) {
      position++;
    }
    return named(text.substring(start, position));
  }

  private Expression named(String name) {
    return switch (name) {
      case "pi" -> Constant.PI;
      case "e" -> Constant.E;
      case "i" -> Constant.I;
      case "infinity" -> Constant.INFINITY;
      case "sqrt" -> new Root(number(2), arguments().getFirst());
      case "root", "log", "binomial" -> ofTwo(name, arguments());
      default ->
          peek() == '('
              ? new Call(Function.valueOf(name.toUpperCase(Locale.ROOT)), arguments().getFirst())
              : new Symbol(name);
    };
  }

  private static Expression ofTwo(String name, List<Expression> arguments) {
    Expression first = arguments.get(0);
    Expression second = arguments.get(1);
    return switch (name) {
      case "root" -> new Root(first, second);
      case "log" -> new Logarithm(first, second);
      default -> new Binomial(first, second);
    };
  }

  private List<Expression> arguments() {
    List<Expression> arguments = new ArrayList<>();
    do {
      position++;
      arguments.add(sum());
    } while (peek() == ',');
    position++;
    return arguments;
  }

  private char peek() {
    return position < text.length() ? text.charAt(position) : '\0';
  }
}
