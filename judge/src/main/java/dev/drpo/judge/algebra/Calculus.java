package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Limits and integrals of rational functions. */
public final class Calculus {
  private static final Expression MINUS_INFINITY = new Expression.Negation(Constant.INFINITY);

  private final Coefficients arithmetic;

  public Calculus(Identity identity, Budget budget) {
    this.arithmetic = new Coefficients(identity, budget);
  }

  /** The limit; empty if the function isn't rational, or has a pole there. */
  public Optional<Expression> limit(Expression function, String variable, Expression towards) {
    try {
      RationalFunction quotient = new RationalFunction.Reading(variable, arithmetic).read(function);
      if (towards.equals(Constant.INFINITY) || towards.equals(MINUS_INFINITY)) {
        return atInfinity(quotient, towards.equals(MINUS_INFINITY));
      }
      return Substitution.symbols(towards).isEmpty() ? at(quotient, towards) : Optional.empty();
    } catch (Unsolvable unsolvable) {
      return Optional.empty();
    }
  }

  private Optional<Expression> at(RationalFunction quotient, Expression towards) {
    List<Expression> top = quotient.numerator().coefficients();
    List<Expression> bottom = quotient.denominator().coefficients();
    // A factor x - a of both is taken out, since the limit doesn't ask for the value there.
    while (!bottom.isEmpty() && arithmetic.sign(arithmetic.value(bottom, towards)) == 0) {
      if (!top.isEmpty() && arithmetic.sign(arithmetic.value(top, towards)) != 0) {
        return Optional.empty();
      }
      top = deflated(top, towards);
      bottom = deflated(bottom, towards);
    }
    return bottom.isEmpty()
        ? Optional.empty()
        : Optional.of(
            arithmetic.constant(
                new Expression.Quotient(
                    arithmetic.value(top, towards), arithmetic.value(bottom, towards))));
  }

  private List<Expression> deflated(List<Expression> coefficients, Expression root) {
    List<Expression> quotient = new ArrayList<>();
    Expression carry = Coefficients.ZERO;
    for (Expression coefficient : coefficients.reversed()) {
      carry = arithmetic.plus(arithmetic.times(carry, root), coefficient);
      quotient.addFirst(carry);
    }
    return quotient.isEmpty() ? quotient : quotient.subList(1, quotient.size());
  }

  private Optional<Expression> atInfinity(RationalFunction quotient, boolean negative) {
    Polynomial top = quotient.numerator();
    Polynomial bottom = quotient.denominator();
    if (top.isZero() || top.degree() < bottom.degree()) {
      return Optional.of(Coefficients.ZERO);
    }
    if (top.degree() == bottom.degree()) {
      return Optional.of(
          arithmetic.constant(new Expression.Quotient(top.leading(), bottom.leading())));
    }
    boolean odd = (top.degree() - bottom.degree()) % 2 == 1;
    int sign = arithmetic.sign(top.leading()) * arithmetic.sign(bottom.leading());
    return Optional.of(sign > 0 == !(negative && odd) ? Constant.INFINITY : MINUS_INFINITY);
  }

  /** The integral of a polynomial, or over a denominator of one or two degrees; else empty. */
  public Optional<Expression> integral(
      Expression integrand, String variable, Expression from, Expression to) {
    try {
      RationalFunction quotient =
          new RationalFunction.Reading(variable, arithmetic).read(integrand);
      boolean endless =
          Terms.has(from, Constant.INFINITY::equals) || Terms.has(to, Constant.INFINITY::equals);
      if (quotient.denominator().degree() > 0) {
        return Optional.of(new Primitives(arithmetic).integral(quotient, from, to));
      }
      if (endless) {
        return Optional.empty();
      }
      Expression scale = quotient.denominator().leading();
      List<Expression> terms = new ArrayList<>(List.of(Coefficients.ZERO));
      List<Expression> coefficients = quotient.numerator().coefficients();
      for (int power = 0; power < coefficients.size(); power++) {
        Expression count = new Expression.Number(Rational.of(power + 1L));
        Expression rise =
            new Expression.Sum(
                List.of(
                    new Expression.Power(to, count),
                    new Expression.Negation(new Expression.Power(from, count))));
        terms.add(
            new Expression.Product(
                List.of(
                    new Expression.Quotient(
                        coefficients.get(power), arithmetic.times(count, scale)),
                    rise)));
      }
      return Optional.of(new Expression.Sum(terms));
    } catch (Unsolvable unsolvable) {
      return Optional.empty();
    }
  }
}
