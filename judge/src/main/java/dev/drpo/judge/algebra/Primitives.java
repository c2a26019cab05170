package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;

/**
 * Definite integrals over a denominator without a root between the bounds: of a constant over a
 * linear one by the logarithm, and of a linear one over a quadratic without real roots by logarithm
 * and arctangent.
 */
final class Primitives {
  private static final Expression TWO = new Expression.Number(Rational.of(2));
  private static final Expression MINUS_INFINITY = new Expression.Negation(Constant.INFINITY);

  private final Coefficients arithmetic;

  Primitives(Coefficients arithmetic) {
    this.arithmetic = arithmetic;
  }

  /**
   * The integral.
   *
   * @param from a constant, or minus infinity
   * @param to a constant, or infinity
   * @throws Unsolvable if it has no value, or is of another form
   */
  Expression integral(RationalFunction integrand, Expression from, Expression to) {
    boolean real = isReal(from) && isReal(to);
    Polynomial top = integrand.numerator();
    Polynomial bottom = integrand.denominator();
    if (!real || top.isZero()) {
      throw new Unsolvable();
    }
    if (bottom.degree() == 1 && top.degree() == 0 && isFinite(from) && isFinite(to)) {
      return overLinear(top.leading(), bottom, from, to);
    }
    if (bottom.degree() == 2 && top.degree() <= 1) {
      return overQuadratic(top, bottom, from, to);
    }
    throw new Unsolvable();
  }

  /** Whether a bound is an infinity or a real number, of which alone there is a sign. */
  private boolean isReal(Expression bound) {
    return !isFinite(bound)
        || (Substitution.symbols(bound).isEmpty()
            && !Terms.has(bound, Constant.INFINITY::equals)
            && hasSign(bound));
  }

  private boolean hasSign(Expression bound) {
    try {
      arithmetic.sign(bound);
      return true;
    } catch (Unsolvable notReal) {
      return false;
    }
  }

  private static boolean isFinite(Expression bound) {
    return !bound.equals(Constant.INFINITY) && !bound.equals(MINUS_INFINITY);
  }

  /** {@code c/a ln((a to + b) / (a from + b))}. */
  private Expression overLinear(Expression c, Polynomial bottom, Expression from, Expression to) {
    Expression low = value(bottom, from);
    Expression high = value(bottom, to);
    if (arithmetic.sign(low) * arithmetic.sign(high) <= 0) {
      throw new Unsolvable();
    }
    return product(
        new Expression.Quotient(c, bottom.leading()),
        new Expression.Call(Function.LN, new Expression.Quotient(high, low)));
  }

  /**
   * {@code p/(2a) ln(ax^2 + bx + c) + (2q - pb/a)/sqrt(D) arctan((2ax + b)/sqrt(D))} of {@code px +
   * q} over {@code ax^2 + bx + c}, where {@code D = 4ac - b^2}.
   */
  private Expression overQuadratic(
      Polynomial top, Polynomial bottom, Expression from, Expression to) {
    Expression a = bottom.leading();
    Expression b = bottom.coefficients().get(1);
    Expression c = bottom.coefficients().getFirst();
    Expression q = top.coefficients().getFirst();
    boolean linear = top.degree() == 1;
    boolean endless = !isFinite(from) || !isFinite(to);
    Expression doubled = arithmetic.times(TWO, a);
    Expression discriminant =
        arithmetic.plus(
            arithmetic.times(TWO, arithmetic.times(doubled, c)),
            arithmetic.negate(arithmetic.times(b, b)));
    if (arithmetic.sign(discriminant) <= 0 || (linear && endless)) {
      throw new Unsolvable();
    }
    Expression root = new Expression.Root(TWO, discriminant);
    Expression twice = arithmetic.times(TWO, q);
    List<Expression> terms = new ArrayList<>();
    if (linear) {
      Expression p = top.leading();
      terms.add(
          product(
              new Expression.Quotient(p, doubled),
              new Expression.Call(
                  Function.LN, new Expression.Quotient(value(bottom, to), value(bottom, from)))));
      twice =
          new Expression.Sum(
              List.of(
                  twice,
                  new Expression.Negation(new Expression.Quotient(arithmetic.times(p, b), a))));
    }
    int direction = arithmetic.sign(a);
    Expression rise =
        new Expression.Sum(
            List.of(
                angle(doubled, b, root, to, direction),
                new Expression.Negation(angle(doubled, b, root, from, direction))));
    terms.add(product(new Expression.Quotient(twice, root), rise));
    return terms.size() == 1 ? terms.getFirst() : new Expression.Sum(terms);
  }

  /** The arctangent at a bound; at infinity, a quarter turn in the direction of the quadratic. */
  private Expression angle(
      Expression doubled, Expression b, Expression root, Expression bound, int direction) {
    if (!isFinite(bound)) {
      Expression quarter = new Expression.Quotient(Constant.PI, TWO);
      boolean up = bound.equals(Constant.INFINITY) == direction > 0;
      return up ? quarter : new Expression.Negation(quarter);
    }
    Expression top = arithmetic.plus(arithmetic.times(doubled, bound), b);
    return new Expression.Call(Function.ARCTAN, new Expression.Quotient(top, root));
  }

  private Expression value(Polynomial polynomial, Expression at) {
    return arithmetic.constant(arithmetic.value(polynomial.coefficients(), at));
  }

  private static Expression product(Expression left, Expression right) {
    return new Expression.Product(List.of(left, right));
  }
}
