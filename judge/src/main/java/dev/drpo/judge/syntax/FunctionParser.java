package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads functions with their exponents and arguments, which need no brackets. */
final class FunctionParser {
  private static final Expression TEN = new Expression.Number(Rational.of(BigInteger.TEN));

  private static final Map<Function, Function> INVERSES =
      Map.of(
          Function.SIN, Function.ARCSIN,
          Function.COS, Function.ARCCOS,
          Function.TAN, Function.ARCTAN,
          Function.COT, Function.ARCCOT,
          Function.SEC, Function.ARCSEC,
          Function.CSC, Function.ARCCSC);

  private final Cursor cursor;
  private final ScalarParser scalars;
  private final FractionParser fractions;
  private int arguments;

  FunctionParser(Cursor cursor, ScalarParser scalars, FractionParser fractions) {
    this.cursor = cursor;
    this.scalars = scalars;
    this.fractions = fractions;
  }

  /** Whether an argument is being read, where angles are converted and letters are no units. */
  boolean isInArgument() {
    return arguments > 0;
  }

  /** Forgets arguments whose reading was left. */
  void reset() {
    arguments = 0;
  }

  Expression call() {
    String name = cursor.expect(Kind.FUNCTION).text();
    if (name.equals(Spellings.CIS)) {
      // cis x = cos x + i sin x
      return new Expression.Power(
          Expression.Constant.E,
          new Expression.Product(List.of(Expression.Constant.I, functionArgument())));
    }
    Function function = Function.valueOf(name);
    Optional<Expression> exponent = functionExponent();
    boolean inverse =
        exponent.isPresent()
            && exponent.get().equals(new Expression.Negation(ScalarParser.ONE))
            && INVERSES.containsKey(function);
    Expression argument = functionArgument();
    if (function == Function.REAL || function == Function.IMAGINARY) {
      return OperatorParser.part(function, argument);
    }
    if (inverse) {
      return new Expression.Call(INVERSES.get(function), argument);
    }
    Expression call = new Expression.Call(function, argument);
    return exponent.<Expression>map(power -> new Expression.Power(call, power)).orElse(call);
  }

  private Optional<Expression> functionExponent() {
    return cursor.accept(Kind.CARET) ? Optional.of(functionPower()) : Optional.empty();
  }

  private Expression functionPower() {
    if (!cursor.at(Kind.OPEN_BRACE)) {
      return scalars.exponent();
    }
    return scalars.group();
  }

  Expression logarithm() {
    cursor.expect(Kind.LOGARITHM);
    Expression base = TEN;
    if (cursor.accept(Kind.UNDERSCORE)) {
      base = cursor.at(Kind.DIGITS) ? fractions.integer() : fractions.argument();
    }
    Optional<Expression> exponent = functionExponent();
    Expression value = new Expression.Logarithm(base, functionArgument());
    return exponent.<Expression>map(power -> new Expression.Power(value, power)).orElse(value);
  }

  /** What a function takes without brackets: the factors up to a sign or the next function. */
  private Expression functionArgument() {
    arguments++;
    try {
      if (cursor.at(Kind.OPEN_PARENTHESIS)) {
        Expression inside = scalars.enclosed(Kind.CLOSE_PARENTHESIS);
        return scalars.inDegrees(inside);
      }
      if (cursor.at(Kind.FUNCTION) || cursor.at(Kind.LOGARITHM)) {
        return scalars.primary();
      }
      List<Expression> factors = new ArrayList<>();
      factors.add(scalars.power());
      while (scalars.startsImplicitFactor()
          && !cursor.at(Kind.FUNCTION)
          && !cursor.at(Kind.LOGARITHM)) {
        factors.add(scalars.power());
      }
      return ScalarParser.product(factors);
    } finally {
      arguments--;
    }
  }
}
