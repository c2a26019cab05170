package dev.drpo.judge.algebra;

import dev.drpo.judge.expression.Expression;
import java.util.ArrayList;
import java.util.List;

/**
 * A polynomial in one symbol.
 *
 * @param coefficients real constants by rising power, the last of them not zero; none make zero
 */
public record Polynomial(List<Expression> coefficients) {
  private static final int MAX_DEGREE = 8;

  public Polynomial {
    coefficients = List.copyOf(coefficients);
  }

  /** The degree; -1 of zero. */
  public int degree() {
    return coefficients.size() - 1;
  }

  public boolean isZero() {
    return coefficients.isEmpty();
  }

  Expression leading() {
    return coefficients.getLast();
  }

  private Expression at(int power) {
    return power < coefficients.size() ? coefficients.get(power) : Coefficients.ZERO;
  }

  static Polynomial of(List<Expression> coefficients, Coefficients arithmetic) {
    int size = coefficients.size();
    while (size > 0 && arithmetic.sign(coefficients.get(size - 1)) == 0) {
      size--;
    }
    if (size > MAX_DEGREE + 1) {
      throw new Unsolvable();
    }
    return new Polynomial(coefficients.subList(0, size));
  }

  Polynomial plus(Polynomial other, Coefficients arithmetic) {
    List<Expression> sums = new ArrayList<>();
    for (int i = 0; i <= Math.max(degree(), other.degree()); i++) {
      sums.add(arithmetic.plus(at(i), other.at(i)));
    }
    return of(sums, arithmetic);
  }

  Polynomial times(Polynomial other, Coefficients arithmetic) {
    if (isZero() || other.isZero()) {
      return new Polynomial(List.of());
    }
    List<Expression> products = new ArrayList<>();
    for (int power = 0; power <= degree() + other.degree(); power++) {
      Expression sum = Coefficients.ZERO;
      for (int i = Math.max(0, power - other.degree()); i <= Math.min(power, degree()); i++) {
        sum = arithmetic.plus(sum, arithmetic.times(at(i), other.at(power - i)));
      }
      products.add(sum);
    }
    return of(products, arithmetic);
  }

  Polynomial negate(Coefficients arithmetic) {
    return new Polynomial(coefficients.stream().map(arithmetic::negate).toList());
  }
}
