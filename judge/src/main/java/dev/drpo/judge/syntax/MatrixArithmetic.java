package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Arithmetic of small matrices, entry by entry. Entries that are literals are computed at once;
 * others grow, so that only few operations are done with them.
 */
final class MatrixArithmetic {
  private static final Expression ZERO = new Expression.Number(Rational.ZERO);
  private static final Expression ONE = new Expression.Number(Rational.ONE);

  /** Beyond, determinants have too many terms, and symbolic powers grow too fast. */
  private static final int MAX_SIZE = 4;

  private static final int MAX_POWER = 10;
  private static final int MAX_SYMBOLIC_POWER = 3;

  private MatrixArithmetic() {}

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new Unreadable(what);
    }
  }

  static List<List<Expression>> plus(
      List<List<Expression>> one, List<List<Expression>> other, boolean subtracted) {
    require(
        one.size() == other.size() && one.getFirst().size() == other.getFirst().size(),
        "a sum of matrices of two sizes");
    List<List<Expression>> sum = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      List<Expression> row = new ArrayList<>();
      for (int j = 0; j < one.get(i).size(); j++) {
        Expression addend = other.get(i).get(j);
        row.add(
            Literals.folded(
                new Expression.Sum(
                    List.of(
                        one.get(i).get(j),
                        subtracted ? new Expression.Negation(addend) : addend))));
      }
      sum.add(row);
    }
    return sum;
  }

  static List<List<Expression>> scaled(Expression factor, List<List<Expression>> matrix) {
    return matrix.stream()
        .map(
            row ->
                row.stream()
                    .<Expression>map(entry -> new Expression.Product(List.of(factor, entry)))
                    .map(Literals::folded)
                    .toList())
        .toList();
  }

  static List<List<Expression>> times(List<List<Expression>> one, List<List<Expression>> other) {
    require(
        one.getFirst().size() == other.size()
            && one.size() <= MAX_SIZE
            && other.size() <= MAX_SIZE
            && other.getFirst().size() <= MAX_SIZE,
        "a product of matrices whose sizes don't fit");
    List<List<Expression>> columns = transposed(other);
    List<List<Expression>> product =
        one.stream()
            .map(row -> columns.stream().map(column -> inner(row, column)).toList())
            .toList();
    boolean large =
        product.stream()
            .flatMap(List::stream)
            .anyMatch(entry -> Terms.isLargerThan(entry, ScalarParser.MAX_PARTS));
    require(!large, "a product of matrices with long entries");
    return product;
  }

  private static Expression inner(List<Expression> row, List<Expression> column) {
    List<Expression> terms = new ArrayList<>(List.of(ZERO));
    for (int i = 0; i < row.size(); i++) {
      terms.add(new Expression.Product(List.of(row.get(i), column.get(i))));
    }
    return Literals.folded(new Expression.Sum(terms));
  }

  static List<List<Expression>> power(List<List<Expression>> matrix, int exponent) {
    boolean literal =
        matrix.stream()
            .flatMap(List::stream)
            .allMatch(entry -> Literals.rational(entry).isPresent());
    require(
        exponent >= 1 && exponent <= (literal ? MAX_POWER : MAX_SYMBOLIC_POWER),
        "a high power of a matrix");
    List<List<Expression>> power = matrix;
    for (int i = 1; i < exponent; i++) {
      power = times(power, matrix);
    }
    return power;
  }

  static List<List<Expression>> transposed(List<List<Expression>> matrix) {
    return IntStream.range(0, matrix.getFirst().size())
        .mapToObj(column -> matrix.stream().map(row -> row.get(column)).toList())
        .toList();
  }

  static Expression trace(List<List<Expression>> matrix) {
    require(matrix.size() == matrix.getFirst().size(), "the trace of a matrix without diagonal");
    List<Expression> diagonal = new ArrayList<>(List.of(ZERO));
    for (int i = 0; i < matrix.size(); i++) {
      diagonal.add(matrix.get(i).get(i));
    }
    return Literals.folded(new Expression.Sum(diagonal));
  }

  /** The determinant, by Laplace's expansion along the first row. */
  static Expression determinant(List<List<Expression>> matrix) {
    require(
        matrix.size() == matrix.getFirst().size() && matrix.size() <= MAX_SIZE,
        "the determinant of a large or oblong matrix");
    if (matrix.size() == 1) {
      return matrix.getFirst().getFirst();
    }
    List<Expression> terms = new ArrayList<>(List.of(ZERO));
    for (int column = 0; column < matrix.size(); column++) {
      Expression term =
          new Expression.Product(
              List.of(matrix.getFirst().get(column), determinant(minor(matrix, 0, column))));
      terms.add(column % 2 == 0 ? term : new Expression.Negation(term));
    }
    return Literals.folded(new Expression.Sum(terms));
  }

  private static List<List<Expression>> minor(List<List<Expression>> matrix, int row, int column) {
    List<List<Expression>> rest = new ArrayList<>();
    for (int i = 0; i < matrix.size(); i++) {
      if (i != row) {
        List<Expression> kept = new ArrayList<>(matrix.get(i));
        kept.remove(column);
        rest.add(kept);
      }
    }
    return rest;
  }

  /** The inverse by the adjugate, which a determinant of zero leaves without value. */
  static List<List<Expression>> inverse(List<List<Expression>> matrix) {
    Expression determinant = determinant(matrix);
    if (matrix.size() == 1) {
      return List.of(List.of(Literals.folded(new Expression.Quotient(ONE, determinant))));
    }
    require(matrix.size() < MAX_SIZE, "the inverse of a large matrix");
    List<List<Expression>> inverse = new ArrayList<>();
    for (int i = 0; i < matrix.size(); i++) {
      List<Expression> row = new ArrayList<>();
      for (int j = 0; j < matrix.size(); j++) {
        Expression cofactor = determinant(minor(matrix, j, i));
        Expression signed = (i + j) % 2 == 0 ? cofactor : new Expression.Negation(cofactor);
        row.add(Literals.folded(new Expression.Quotient(signed, determinant)));
      }
      inverse.add(row);
    }
    return inverse;
  }
}
