package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Real roots of polynomials as expressions: rational ones by the rational root theorem, quadratics
 * by their formula, and powers. Other polynomials are refused.
 */
public final class Roots {
  /** Candidates are divisors, which are looked for one by one. */
  private static final long MAX_COEFFICIENT = 100_000;

  private static final Expression TWO = new Expression.Number(Rational.of(2));

  private final Coefficients arithmetic;
  private final Budget budget;

  /** A root and how often it is one. */
  public record Root(Expression value, int multiplicity) {}

  public Roots(Identity identity, Budget budget) {
    this.arithmetic = new Coefficients(identity, budget);
    this.budget = budget;
  }

  /**
   * An expression as a quotient of polynomials in a symbol.
   *
   * @throws Unsolvable if it is none
   */
  public RationalFunction function(Expression expression, String symbol) {
    return new RationalFunction.Reading(symbol, arithmetic).read(expression);
  }

  /** The sign of the coefficient of the highest power. */
  public int leadingSign(Polynomial polynomial) {
    return arithmetic.sign(polynomial.leading());
  }

  /**
   * All real roots of a polynomial that isn't zero, in no order.
   *
   * @throws Unsolvable if no method finds all of them
   */
  public List<Root> of(Polynomial polynomial) {
    List<Root> roots = new ArrayList<>();
    Polynomial rest = withoutZeros(polynomial, roots);
    if (rest.degree() > 2 && !isPurePower(rest)) {
      rest = withoutRationalRoots(rest, roots);
    }
    roots.addAll(closed(rest));
    return roots;
  }

  private List<Root> closed(Polynomial rest) {
    if (rest.degree() <= 0) {
      return List.of();
    }
    if (rest.degree() == 1) {
      return List.of(new Root(quotient(arithmetic.negate(first(rest)), rest.leading()), 1));
    }
    if (rest.degree() == 2) {
      return quadratic(rest);
    }
    if (isPurePower(rest)) {
      return powers(rest);
    }
    return even(rest);
  }

  private static Expression first(Polynomial polynomial) {
    return polynomial.coefficients().getFirst();
  }

  private Expression quotient(Expression top, Expression bottom) {
    return arithmetic.constant(new Expression.Quotient(top, bottom));
  }

  private Polynomial withoutZeros(Polynomial polynomial, List<Root> roots) {
    int zeros = 0;
    while (arithmetic.sign(polynomial.coefficients().get(zeros)) == 0) {
      zeros++;
    }
    if (zeros > 0) {
      roots.add(new Root(Coefficients.ZERO, zeros));
    }
    return new Polynomial(
        polynomial.coefficients().subList(zeros, polynomial.coefficients().size()));
  }

  private List<Root> quadratic(Polynomial p) {
    Expression c = first(p);
    Expression b = p.coefficients().get(1);
    Expression a = p.leading();
    Expression discriminant =
        arithmetic.plus(
            arithmetic.times(b, b),
            arithmetic.negate(
                arithmetic.times(new Expression.Number(Rational.of(4)), arithmetic.times(a, c))));
    Expression twice = arithmetic.times(TWO, a);
    int sign = arithmetic.sign(discriminant);
    if (sign < 0) {
      return List.of();
    }
    if (sign == 0) {
      return List.of(new Root(quotient(arithmetic.negate(b), twice), 2));
    }
    Expression root = arithmetic.constant(new Expression.Root(TWO, discriminant));
    return List.of(
        new Root(quotient(arithmetic.plus(arithmetic.negate(b), root), twice), 1),
        new Root(
            quotient(arithmetic.plus(arithmetic.negate(b), arithmetic.negate(root)), twice), 1));
  }

  /** Whether all powers between the constant and the highest are missing. */
  private boolean isPurePower(Polynomial p) {
    return p.degree() > 0
        && p.coefficients().subList(1, p.degree()).stream()
            .allMatch(coefficient -> arithmetic.sign(coefficient) == 0);
  }

  private List<Root> powers(Polynomial p) {
    return roots(quotient(arithmetic.negate(first(p)), p.leading()), p.degree(), 1);
  }

  /** The real numbers whose power is a number. */
  private List<Root> roots(Expression power, int degree, int multiplicity) {
    int sign = arithmetic.sign(power);
    Expression index = new Expression.Number(Rational.of(degree));
    if (degree % 2 == 1) {
      Expression size = sign < 0 ? arithmetic.negate(power) : power;
      Expression root = arithmetic.constant(new Expression.Root(index, size));
      return List.of(new Root(sign < 0 ? arithmetic.negate(root) : root, multiplicity));
    }
    if (sign < 0) {
      return List.of();
    }
    Expression root = arithmetic.constant(new Expression.Root(index, power));
    return List.of(new Root(root, multiplicity), new Root(arithmetic.negate(root), multiplicity));
  }

  /** A polynomial in the square of its symbol. */
  private List<Root> even(Polynomial p) {
    List<Expression> squares = new ArrayList<>();
    for (int i = 0; i <= p.degree(); i++) {
      if (i % 2 == 0) {
        squares.add(p.coefficients().get(i));
      } else if (arithmetic.sign(p.coefficients().get(i)) != 0) {
        throw new Unsolvable();
      }
    }
    List<Root> roots = new ArrayList<>();
    for (Root square : of(new Polynomial(squares))) {
      roots.addAll(roots(square.value(), 2, square.multiplicity()));
    }
    return roots;
  }

  private Polynomial withoutRationalRoots(Polynomial polynomial, List<Root> roots) {
    List<Rational> coefficients = new ArrayList<>();
    for (Expression coefficient : polynomial.coefficients()) {
      if (!(coefficient instanceof Expression.Number(Rational value))) {
        return polynomial;
      }
      coefficients.add(value);
    }
    BigInteger common =
        coefficients.stream()
            .map(Rational::denominator)
            .reduce(BigInteger.ONE, (a, b) -> a.multiply(b).divide(a.gcd(b)));
    Rational scale = Rational.of(common);
    List<Rational> rest = coefficients.stream().map(c -> c.times(scale)).toList();
    for (long bottom : divisors(rest.getLast())) {
      for (long top : divisors(rest.getFirst())) {
        for (int sign = -1; sign <= 1; sign += 2) {
          Rational candidate =
              new Rational(BigInteger.valueOf(sign * top), BigInteger.valueOf(bottom));
          int multiplicity = 0;
          while (rest.size() > 1 && value(rest, candidate).isZero()) {
            rest = deflated(rest, candidate);
            multiplicity++;
          }
          if (multiplicity > 0) {
            roots.add(new Root(new Expression.Number(candidate), multiplicity));
          }
        }
      }
    }
    return new Polynomial(rest.stream().<Expression>map(Expression.Number::new).toList());
  }

  private List<Long> divisors(Rational coefficient) {
    BigInteger size = coefficient.numerator().abs();
    if (size.compareTo(BigInteger.valueOf(MAX_COEFFICIENT)) > 0) {
      throw new Unsolvable();
    }
    long number = size.longValue();
    List<Long> divisors = new ArrayList<>();
    for (long low = 1; low * low <= number; low++) {
      budget.spend(1);
      if (number % low == 0) {
        divisors.add(low);
        if (low * low < number) {
          divisors.add(number / low);
        }
      }
    }
    return divisors;
  }

  private Rational value(List<Rational> coefficients, Rational at) {
    budget.spend(30L * coefficients.size());
    Rational value = Rational.ZERO;
    for (Rational coefficient : coefficients.reversed()) {
      value = value.times(at).plus(coefficient);
    }
    return value;
  }

  /** The quotient by {@code x - root}, by Horner's scheme. */
  private static List<Rational> deflated(List<Rational> coefficients, Rational root) {
    List<Rational> quotient = new ArrayList<>();
    Rational carry = Rational.ZERO;
    for (Rational coefficient : coefficients.reversed()) {
      carry = carry.times(root).plus(coefficient);
      quotient.addFirst(carry);
    }
    return quotient.subList(1, quotient.size());
  }
}
