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
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Ball;
import dev.drpo.judge.number.BallArithmetic;
import dev.drpo.judge.number.ComplexArithmetic;
import dev.drpo.judge.number.ComplexBall;
import dev.drpo.judge.number.ComplexFunctions;
import dev.drpo.judge.number.IntegerFunctions;
import dev.drpo.judge.number.NoValue;
import dev.drpo.judge.number.Powers;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Encloses the value of an expression at a point, at one precision. Throws {@link NoValue} where
 * there is none or none can be told yet.
 */
final class BallEvaluation {
  private final Point point;
  private final Budget budget;
  private final ExactEvaluation exact;
  private final ComplexArithmetic arithmetic;
  private final BallArithmetic reals;
  private final ComplexFunctions functions;
  private final Powers powers;
  private final IntegerFunctions integers;

  /**
   * @param onlyReals whether values that aren't real are undefined
   * @param settles whether a tiny enclosure of zero counts as zero
   */
  BallEvaluation(
      Point point,
      boolean onlyReals,
      int precision,
      boolean settles,
      ExactEvaluation exact,
      Budget budget) {
    this.point = point;
    this.budget = budget;
    this.exact = exact;
    this.reals = new BallArithmetic(precision, settles, budget);
    this.arithmetic = new ComplexArithmetic(reals);
    this.functions = new ComplexFunctions(arithmetic, onlyReals);
    this.powers = new Powers(arithmetic, functions, onlyReals);
    this.integers = new IntegerFunctions(reals);
  }

  /** The arithmetic that evaluates, which knows how far apart addends were. */
  ComplexArithmetic arithmetic() {
    return arithmetic;
  }

  ComplexBall evaluate(Expression expression) {
    budget.spend(2);
    return switch (expression) {
      case Number(Rational value) -> rational(value);
      case Decimal decimal -> rational(decimal.value());
      case Symbol(String name) -> rational(point.coordinate(name));
      case Constant constant -> constant(constant);
      case Sum(List<Expression> terms) -> sum(terms);
      case Product(List<Expression> factors) -> product(factors);
      case Negation(Expression operand) -> evaluate(operand).negate();
      case Quotient(Expression numerator, Expression denominator) ->
          arithmetic.dividedBy(evaluate(numerator), evaluate(denominator));
      case Power(Expression base, Expression exponent) -> power(base, exponent);
      case Root(Expression degree, Expression radicand) -> root(degree, radicand);
      case Call call -> call(call);
      case Logarithm(Expression base, Expression argument) ->
          arithmetic.dividedBy(functions.ln(evaluate(argument)), functions.ln(evaluate(base)));
      case Factorial(Expression operand) ->
          ComplexBall.real(integers.factorial(real(evaluate(operand))));
      case Binomial(Expression total, Expression chosen) ->
          ComplexBall.real(binomial(real(evaluate(total)), real(evaluate(chosen)), chosen));
      case Series series -> series(series);
    };
  }

  private ComplexBall rational(Rational value) {
    return ComplexBall.real(reals.of(value));
  }

  private ComplexBall constant(Constant constant) {
    return switch (constant) {
      case PI -> ComplexBall.real(functions.pi());
      case E -> functions.exp(ComplexBall.ONE);
      case I -> ComplexBall.I;
      case INFINITY -> throw NoValue.undefined();
    };
  }

  private ComplexBall sum(List<Expression> terms) {
    ComplexBall sum = ComplexBall.ZERO;
    for (Expression term : terms) {
      sum = arithmetic.plus(sum, evaluate(term));
    }
    return sum;
  }

  private ComplexBall product(List<Expression> factors) {
    ComplexBall product = ComplexBall.ONE;
    for (Expression factor : factors) {
      product = arithmetic.times(product, evaluate(factor));
    }
    return product;
  }

  /**
   * A function of two variables counts as defined only where there is something to choose, so that
   * it has the domain of its factorials.
   */
  private Ball binomial(Ball total, Ball chosen, Expression count) {
    boolean varies = Terms.anySymbol(count);
    if (varies && reals.minus(total, chosen).sign() < 0) {
      throw NoValue.undefined();
    }
    return integers.binomial(total, chosen);
  }

  private ComplexBall series(Series series) {
    BigInteger from = integers.whole(real(evaluate(series.from())));
    BigInteger to = integers.whole(real(evaluate(series.to())));
    int count = SeriesTerms.count(from, to);
    ComplexBall result = series.product() ? ComplexBall.ONE : ComplexBall.ZERO;
    for (int i = 0; i < count; i++) {
      ComplexBall term = evaluate(SeriesTerms.term(series, from.add(BigInteger.valueOf(i))));
      result = series.product() ? arithmetic.times(result, term) : arithmetic.plus(result, term);
    }
    return result;
  }

  private ComplexBall power(Expression base, Expression exponent) {
    if (base == Constant.E) {
      return functions.exp(evaluate(exponent));
    }
    Optional<Rational> constant = exact.rational(exponent);
    if (constant.isPresent()) {
      return powers.power(evaluate(base), constant.get());
    }
    ComplexBall value = evaluate(exponent);
    // An exact value is rational, and so may make powers of negative numbers real.
    return value.isReal() && value.real().isExact()
        ? powers.power(evaluate(base), integers.rational(value.real()))
        : powers.power(evaluate(base), value);
  }

  private ComplexBall root(Expression degree, Expression radicand) {
    Optional<Rational> constant = exact.rational(degree).filter(value -> !value.isZero());
    if (constant.isPresent()) {
      return powers.power(evaluate(radicand), Rational.ONE.dividedBy(constant.get()));
    }
    return powers.power(
        evaluate(radicand), arithmetic.dividedBy(ComplexBall.ONE, evaluate(degree)));
  }

  private ComplexBall call(Call call) {
    ComplexBall z = evaluate(call.argument());
    return switch (call.function()) {
      case SIN -> functions.sine(z);
      case COS -> functions.cosine(z);
      case TAN -> functions.tangent(z);
      case COT -> arithmetic.dividedBy(functions.cosine(z), functions.sine(z));
      case SEC -> inverse(functions.cosine(z));
      case CSC -> inverse(functions.sine(z));
      case ARCSIN -> functions.arcsine(z);
      case ARCCOS -> functions.arccosine(z);
      case ARCTAN -> functions.arctangent(z);
      // Between 0 and π, without a jump.
      case ARCCOT ->
          arithmetic.minus(ComplexBall.real(functions.pi().shift(-1)), functions.arctangent(z));
      case ARCSEC -> functions.arccosine(inverse(z));
      case ARCCSC -> functions.arcsine(inverse(z));
      case SINH -> functions.hyperbolicSine(z);
      case COSH -> functions.hyperbolicCosine(z);
      case TANH -> arithmetic.dividedBy(functions.hyperbolicSine(z), functions.hyperbolicCosine(z));
      case LN -> functions.ln(z);
      case EXP -> functions.exp(z);
      case ABS -> ComplexBall.real(arithmetic.modulus(z));
      case FLOOR -> ComplexBall.real(integers.floor(real(z)));
      case CEILING -> ComplexBall.real(integers.floor(real(z).negate()).negate());
      case CONJUGATE -> new ComplexBall(z.real(), z.imaginary().negate());
      case REAL -> ComplexBall.real(z.real());
      case IMAGINARY -> ComplexBall.real(z.imaginary());
    };
  }

  private ComplexBall inverse(ComplexBall z) {
    return arithmetic.dividedBy(ComplexBall.ONE, z);
  }

  /** The real part of what counts as real. */
  private Ball real(ComplexBall z) {
    if (reals.isNegligible(z.imaginary())) {
      return z.real();
    }
    throw z.imaginary().containsZero() ? NoValue.unsettled() : NoValue.undefined();
  }
}
