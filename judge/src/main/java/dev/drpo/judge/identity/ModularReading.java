package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Binomial;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Decimal;
import dev.drpo.judge.expression.Expression.Factorial;
import dev.drpo.judge.expression.Expression.Negation;
import dev.drpo.judge.expression.Expression.Number;
import dev.drpo.judge.expression.Expression.Power;
import dev.drpo.judge.expression.Expression.Product;
import dev.drpo.judge.expression.Expression.Quotient;
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.GaussianField;
import dev.drpo.judge.number.GaussianField.Residue;
import dev.drpo.judge.number.NoValue;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an expression as a rational function over its symbols, π, e and i. Exponents, factorials
 * and binomials must be of exact integers.
 */
final class ModularReading {
  private static final int MAX_EXPONENT_BITS = 8192;
  private static final BigInteger MAX_COUNT = BigInteger.valueOf(20_000);

  private final ExactEvaluation exact;
  private final Budget budget;

  ModularReading(ExactEvaluation exact, Budget budget) {
    this.exact = exact;
    this.budget = budget;
  }

  /** Empty if the expression is no such function. */
  Optional<ModularFunction> read(Expression expression) {
    return switch (expression) {
      case Number(Rational value) -> Optional.of(constant(value));
      case Decimal decimal -> Optional.of(constant(decimal.value()));
      case Symbol(String name) -> Optional.of(charged(2, point -> point.symbol(name)));
      case Constant constant ->
          constant == Constant.INFINITY
              ? Optional.empty()
              : Optional.of(charged(1, point -> point.constant(constant)));
      case Sum(List<Expression> terms) -> fold(terms, GaussianField::plus);
      case Product(List<Expression> factors) -> fold(factors, GaussianField::times);
      case Negation(Expression operand) ->
          read(operand).map(function -> point -> point.field().negate(function.at(point)));
      case Quotient(Expression numerator, Expression denominator) ->
          read(numerator).flatMap(top -> read(denominator).map(bottom -> quotient(top, bottom)));
      case Power(Expression base, Expression exponent) -> power(base, exponent);
      case Factorial(Expression operand) ->
          exact.integer(operand).filter(ModularReading::isCountable).map(this::factorial);
      case Binomial(Expression total, Expression chosen) ->
          exact.integer(total).flatMap(n -> exact.integer(chosen).flatMap(k -> binomial(n, k)));
      default -> exact.rational(expression).map(this::constant);
    };
  }

  private ModularFunction constant(Rational value) {
    long words = 1L + value.bitLength() / Long.SIZE;
    return charged(
        30 + 4 * words, point -> point.field().of(value).orElseThrow(NoValue::undefined));
  }

  private ModularFunction charged(long steps, ModularFunction function) {
    return point -> {
      budget.spend(steps);
      return function.at(point);
    };
  }

  private Optional<ModularFunction> fold(List<Expression> operands, Operation operation) {
    List<ModularFunction> functions = new ArrayList<>(operands.size());
    for (Expression operand : operands) {
      Optional<ModularFunction> function = read(operand);
      if (function.isEmpty()) {
        return function;
      }
      functions.add(function.get());
    }
    return Optional.of(
        point -> {
          Residue result = functions.getFirst().at(point);
          for (ModularFunction function : functions.subList(1, functions.size())) {
            result = operation.apply(point.field(), result, function.at(point));
          }
          return result;
        });
  }

  private interface Operation {
    Residue apply(GaussianField field, Residue left, Residue right);
  }

  private ModularFunction quotient(ModularFunction numerator, ModularFunction denominator) {
    return charged(
        40,
        point -> point.field().times(numerator.at(point), inverse(point, denominator.at(point))));
  }

  private static Residue inverse(ModularPoint point, Residue residue) {
    return point.field().inverse(residue).orElseThrow(NoValue::undefined);
  }

  private Optional<ModularFunction> power(Expression base, Expression exponent) {
    Optional<BigInteger> integer =
        exact.integer(exponent).filter(value -> value.bitLength() <= MAX_EXPONENT_BITS);
    if (integer.isEmpty()) {
      return exact.rational(new Power(base, exponent)).map(this::constant);
    }
    BigInteger count = integer.get().abs();
    boolean inverted = integer.get().signum() < 0;
    return read(base).map(function -> power(function, count, inverted));
  }

  private ModularFunction power(ModularFunction base, BigInteger exponent, boolean inverted) {
    return charged(
        exponent.bitLength() > 8 ? 80 : 45,
        point -> {
          Residue value = base.at(point);
          if (value.isZero() && exponent.signum() == 0) {
            throw NoValue.undefined();
          }
          Residue power = point.field().power(value, exponent);
          return inverted ? inverse(point, power) : power;
        });
  }

  private static boolean isCountable(BigInteger n) {
    return n.signum() >= 0 && n.compareTo(MAX_COUNT) <= 0;
  }

  private ModularFunction factorial(BigInteger n) {
    return charged(
        4 + n.intValue(), point -> point.field().risingProduct(BigInteger.ONE, n.intValue()));
  }

  private Optional<ModularFunction> binomial(BigInteger total, BigInteger chosen) {
    BigInteger count = chosen.min(total.subtract(chosen));
    boolean usual = total.signum() >= 0 && total.bitLength() <= MAX_EXPONENT_BITS;
    if (!usual || !isCountable(count)) {
      return exact.rational(new Binomial(number(total), number(chosen))).map(this::constant);
    }
    BigInteger first = total.subtract(count).add(BigInteger.ONE);
    int k = count.intValue();
    return Optional.of(
        charged(
            50 + 2L * k,
            point ->
                point
                    .field()
                    .times(
                        point.field().risingProduct(first, k),
                        inverse(point, point.field().risingProduct(BigInteger.ONE, k)))));
  }

  private static Number number(BigInteger integer) {
    return new Number(Rational.of(integer));
  }
}
