package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer.Matrix;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads matrices, whose entries are expressions. */
final class MatrixParser {
  private static final Set<String> ENVIRONMENTS =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array");

  private final Cursor cursor;
  private final ScalarParser scalars;

  MatrixParser(Cursor cursor, ScalarParser scalars) {
    this.cursor = cursor;
    this.scalars = scalars;
  }

  /** A matrix, and its transposition if a raised T follows. */
  Matrix matrix() {
    return transposed(untransposed());
  }

  /** A matrix with a factor before it, which may be a lone sign. */
  Matrix multiple() {
    Expression factor = scalars.factor();
    List<List<Expression>> rows =
        matrix().rows().stream()
            .map(row -> row.stream().map(e -> times(factor, e)).toList())
            .toList();
    return new Matrix(rows);
  }

  private static Expression times(Expression factor, Expression entry) {
    return new Expression.Product(List.of(factor, entry));
  }

  private Matrix untransposed() {
    String environment = cursor.expect(Kind.BEGIN).text();
    if (!ENVIRONMENTS.contains(environment)) {
      throw cursor.unreadable();
    }
    if (environment.equals("array")) {
      columns();
    }
    List<List<Expression>> rows = new ArrayList<>();
    do {
      if (cursor.at(Kind.END_ENVIRONMENT)) {
        break;
      }
      rows.add(row());
    } while (cursor.accept(Kind.NEXT_ROW));
    boolean closed = cursor.expect(Kind.END_ENVIRONMENT).text().equals(environment);
    boolean rectangular =
        !rows.isEmpty() && rows.stream().allMatch(row -> row.size() == rows.getFirst().size());
    if (!closed || !rectangular) {
      throw cursor.unreadable();
    }
    return new Matrix(rows);
  }

  /** The matrix, with rows for columns if a raised T says so. */
  private Matrix transposed(Matrix matrix) {
    if (!cursor.at(Kind.CARET)) {
      return matrix;
    }
    cursor.take();
    boolean braced = cursor.accept(Kind.OPEN_BRACE);
    if (!cursor.take().text().equals("T") || (braced && !cursor.accept(Kind.CLOSE_BRACE))) {
      throw cursor.unreadable();
    }
    List<List<Expression>> columns = new ArrayList<>();
    for (int i = 0; i < matrix.rows().getFirst().size(); i++) {
      int column = i;
      columns.add(matrix.rows().stream().map(row -> row.get(column)).toList());
    }
    return new Matrix(columns);
  }

  private void columns() {
    cursor.expect(Kind.OPEN_BRACE);
    while (cursor.at(Kind.WORD) || cursor.at(Kind.BAR)) {
      cursor.take();
    }
    cursor.expect(Kind.CLOSE_BRACE);
  }

  private List<Expression> row() {
    List<Expression> row = new ArrayList<>();
    do {
      row.add(scalars.expression());
    } while (cursor.accept(Kind.NEXT_CELL));
    return row;
  }
}
