package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.identity.Order;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import java.util.List;

/** Arithmetic of constant coefficients, which stay rational numbers as long as they are some. */
final class Coefficients {
  static final Expression ZERO = new Expression.Number(Rational.ZERO);
  static final Expression ONE = new Expression.Number(Rational.ONE);

  /** Longer coefficients belong to no equation that anybody would solve. */
  private static final int MAX_BITS = 512;

  private static final int STEPS = 20;

  private final Identity identity;
  private final Budget budget;

  Coefficients(Identity identity, Budget budget) {
    this.identity = identity;
    this.budget = budget;
  }

  Expression constant(Expression value) {
    return identity.rational(value).<Expression>map(number -> bounded(number)).orElse(value);
  }

  private Expression bounded(Rational number) {
    budget.spend(STEPS);
    if (number.bitLength() > MAX_BITS) {
      throw new Unsolvable();
    }
    return new Expression.Number(number);
  }

  Expression plus(Expression left, Expression right) {
    if (left instanceof Expression.Number(Rational one)
        && right instanceof Expression.Number(Rational other)) {
      return bounded(one.plus(other));
    }
    return left.equals(ZERO) ? right : right.equals(ZERO) ? left : sum(left, right);
  }

  private Expression sum(Expression left, Expression right) {
    budget.spend(STEPS);
    return new Expression.Sum(List.of(left, right));
  }

  Expression times(Expression left, Expression right) {
    if (left instanceof Expression.Number(Rational one)
        && right instanceof Expression.Number(Rational other)) {
      return bounded(one.times(other));
    }
    if (left.equals(ZERO) || right.equals(ZERO)) {
      return ZERO;
    }
    budget.spend(STEPS);
    return left.equals(ONE)
        ? right
        : right.equals(ONE) ? left : new Expression.Product(List.of(left, right));
  }

  Expression negate(Expression value) {
    return value instanceof Expression.Number(Rational number)
        ? new Expression.Number(number.negate())
        : new Expression.Negation(value);
  }

  /** The value of a polynomial by Horner's rule, its coefficients by rising power. */
  Expression value(List<Expression> coefficients, Expression at) {
    Expression value = ZERO;
    for (Expression coefficient : coefficients.reversed()) {
      value = plus(times(value, at), coefficient);
    }
    return value;
  }

  /** The sign of a real constant. */
  int sign(Expression value) {
    if (value instanceof Expression.Number(Rational number)) {
      return number.numerator().signum();
    }
    Order order = identity.order(value, ZERO);
    return switch (order) {
      case LESS -> -1;
      case EQUAL -> 0;
      case GREATER -> 1;
      case INCOMPARABLE -> throw new Unsolvable();
    };
  }
}
