package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.number.Rational;
import java.util.List;

/**
 * A quotient of polynomials in one symbol. Common factors stay, so that the denominator vanishes
 * wherever the expression has no value.
 */
public record RationalFunction(Polynomial numerator, Polynomial denominator) {
  private static final int MAX_EXPONENT = 8;

  /** Reads expressions as rational functions of one symbol. */
  static final class Reading {
    private final String symbol;
    private final Coefficients arithmetic;
    private final Polynomial one;

    Reading(String symbol, Coefficients arithmetic) {
      this.symbol = symbol;
      this.arithmetic = arithmetic;
      this.one = new Polynomial(List.of(Coefficients.ONE));
    }

    /**
     * The function.
     *
     * @throws Unsolvable if the expression is none
     */
    RationalFunction read(Expression expression) {
      if (!Substitution.symbols(expression).contains(symbol)) {
        return constant(expression);
      }
      return switch (expression) {
        case Symbol _ ->
            new RationalFunction(new Polynomial(List.of(Coefficients.ZERO, Coefficients.ONE)), one);
        case Expression.Sum(List<Expression> terms) ->
            terms.stream().map(this::read).reduce(this::plus).orElseThrow();
        case Expression.Product(List<Expression> factors) ->
            factors.stream().map(this::read).reduce(this::times).orElseThrow();
        case Expression.Negation(Expression operand) -> {
          RationalFunction inner = read(operand);
          yield new RationalFunction(inner.numerator.negate(arithmetic), inner.denominator);
        }
        case Expression.Quotient(Expression top, Expression bottom) ->
            quotient(read(top), read(bottom));
        case Expression.Power(Expression base, Expression.Number(Rational exponent))
            when exponent.isInteger() ->
            power(read(base), exponent);
        case Expression.Power(
                Expression base,
                Expression.Negation(Expression.Number(Rational exponent)))
            when exponent.isInteger() ->
            power(read(base), exponent.negate());
        default -> throw new Unsolvable();
      };
    }

    private RationalFunction constant(Expression value) {
      if (!Substitution.symbols(value).isEmpty()) {
        throw new Unsolvable();
      }
      return new RationalFunction(
          Polynomial.of(List.of(arithmetic.constant(value)), arithmetic), one);
    }

    private RationalFunction plus(RationalFunction left, RationalFunction right) {
      return new RationalFunction(
          left.numerator
              .times(right.denominator, arithmetic)
              .plus(right.numerator.times(left.denominator, arithmetic), arithmetic),
          left.denominator.times(right.denominator, arithmetic));
    }

    private RationalFunction times(RationalFunction left, RationalFunction right) {
      return new RationalFunction(
          left.numerator.times(right.numerator, arithmetic),
          left.denominator.times(right.denominator, arithmetic));
    }

    /** Poles of the divisor stay poles: its denominator goes above and below. */
    private RationalFunction quotient(RationalFunction dividend, RationalFunction divisor) {
      Polynomial zeros = divisor.numerator;
      Polynomial poles = divisor.denominator;
      if (zeros.isZero()) {
        throw new Unsolvable();
      }
      Polynomial above = dividend.numerator.times(poles, arithmetic);
      Polynomial below = dividend.denominator.times(zeros, arithmetic);
      return poles.degree() == 0
          ? new RationalFunction(above, below)
          : new RationalFunction(above.times(poles, arithmetic), below.times(poles, arithmetic));
    }

    private RationalFunction power(RationalFunction base, Rational exponent) {
      int count = exponent.bitLength() > 8 ? Integer.MAX_VALUE : exponent.numerator().intValue();
      if (count == 0 || Math.abs((long) count) > MAX_EXPONENT) {
        throw new Unsolvable();
      }
      RationalFunction result = base;
      for (int i = 1; i < Math.abs(count); i++) {
        result = times(result, base);
      }
      return count > 0 ? result : quotient(new RationalFunction(one, one), result);
    }
  }
}
