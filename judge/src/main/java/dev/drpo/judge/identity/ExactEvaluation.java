package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Binomial;
import dev.drpo.judge.expression.Expression.Call;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Decimal;
import dev.drpo.judge.expression.Expression.Factorial;
import dev.drpo.judge.expression.Expression.Logarithm;
import dev.drpo.judge.expression.Expression.Negation;
import dev.drpo.judge.expression.Expression.Number;
import dev.drpo.judge.expression.Expression.Power;
import dev.drpo.judge.expression.Expression.Product;
import dev.drpo.judge.expression.Expression.Quotient;
import dev.drpo.judge.expression.Expression.Root;
import dev.drpo.judge.expression.Expression.Series;
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Computes rational constants, as far as {@link RationalArithmetic} finds them small enough. */
final class ExactEvaluation {
  private final RationalArithmetic arithmetic;

  ExactEvaluation(RationalArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  Optional<Rational> rational(Expression expression) {
    return evaluate(expression) instanceof Exact.Value(Rational value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** The value, if it is an integer. */
  Optional<BigInteger> integer(Expression expression) {
    return rational(expression)
        .filter(value -> value.denominator().equals(BigInteger.ONE))
        .map(Rational::numerator);
  }

  Exact evaluate(Expression expression) {
    arithmetic.visit();
    return switch (expression) {
      case Number(Rational value) -> arithmetic.literal(value);
      case Decimal decimal -> arithmetic.literal(decimal.value());
      case Symbol _, Constant _, Logarithm _ -> Exact.Absent.UNKNOWN;
      case Sum(List<Expression> terms) -> fold(terms, arithmetic::sum);
      case Product(List<Expression> factors) -> fold(factors, arithmetic::product);
      case Negation(Expression operand) ->
          evaluate(operand).map(value -> new Exact.Value(value.negate()));
      case Quotient(Expression numerator, Expression denominator) ->
          Exact.both(evaluate(numerator), evaluate(denominator), arithmetic::quotient);
      case Power(Expression base, Expression exponent) ->
          Exact.both(evaluate(base), evaluate(exponent), arithmetic::power);
      case Root(Expression degree, Expression radicand) ->
          Exact.both(evaluate(radicand), evaluate(degree), arithmetic::root);
      case Call(Function function, Expression argument) -> call(function, argument);
      case Factorial(Expression operand) -> evaluate(operand).map(arithmetic::factorial);
      case Binomial(Expression total, Expression chosen) ->
          Exact.both(evaluate(total), evaluate(chosen), arithmetic::binomial);
      case Series series -> series(series);
    };
  }

  private Exact fold(List<Expression> operands, Exact.Operation operation) {
    Exact result = evaluate(operands.getFirst());
    for (Expression operand : operands.subList(1, operands.size())) {
      // Mixed sums are common, and their other terms tell nothing more.
      if (result == Exact.Absent.UNKNOWN) {
        return result;
      }
      result = Exact.both(result, evaluate(operand), operation);
    }
    return result;
  }

  private Exact series(Series series) {
    Optional<BigInteger> from = integer(series.from());
    Optional<BigInteger> to = integer(series.to());
    if (from.isEmpty() || to.isEmpty()) {
      return Exact.Absent.UNKNOWN;
    }
    Exact result = Exact.of(series.product() ? BigInteger.ONE : BigInteger.ZERO);
    int count = SeriesTerms.count(from.get(), to.get());
    for (int i = 0; i < count && result != Exact.Absent.UNKNOWN; i++) {
      Exact term = evaluate(SeriesTerms.term(series, from.get().add(BigInteger.valueOf(i))));
      result = Exact.both(result, term, series.product() ? arithmetic::product : arithmetic::sum);
    }
    return result;
  }

  private Exact call(Function function, Expression argument) {
    return switch (function) {
      case ABS -> evaluate(argument).map(value -> new Exact.Value(value.abs()));
      case FLOOR -> evaluate(argument).map(value -> Exact.of(floor(value)));
      case CEILING -> evaluate(argument).map(value -> Exact.of(floor(value.negate()).negate()));
      case CONJUGATE, REAL -> evaluate(argument);
      case IMAGINARY -> evaluate(argument).map(value -> Exact.of(BigInteger.ZERO));
      default -> Exact.Absent.UNKNOWN;
    };
  }

  private static BigInteger floor(Rational value) {
    BigInteger[] division = value.numerator().divideAndRemainder(value.denominator());
    return division[1].signum() < 0 ? division[0].subtract(BigInteger.ONE) : division[0];
  }
}
