package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer.Matrix;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads matrices, whose entries are expressions, and their sums, products and powers.
 *
 * <pre>
 * sum    = term { sign term }
 * term   = [ factor ] power { [ "*" ] power }
 * power  = matrix [ "^" ( "T" | integer | "-1" ) ]
 * </pre>
 */
final class MatrixParser {
  private static final Set<String> ENVIRONMENTS =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array");
  private static final String DETERMINANT = "vmatrix";
  private static final Set<String> TRANSPOSITIONS = Set.of("T", "t", "\\top", "\\prime");
  private static final int MAX_FACTORS = 4;

  private final Cursor cursor;
  private final ScalarParser scalars;

  MatrixParser(Cursor cursor, ScalarParser scalars) {
    this.cursor = cursor;
    this.scalars = scalars;
  }

  /** Whether a matrix begins here that stands for its determinant. */
  static boolean isDeterminant(Token token) {
    return token.is(Kind.BEGIN) && token.text().equals(DETERMINANT);
  }

  /** A sum of matrices with factors before them, which may be lone signs. */
  Matrix sum() {
    List<List<Expression>> sum = term();
    while (cursor.at(Kind.PLUS) || cursor.at(Kind.MINUS)) {
      boolean subtracted = cursor.take().is(Kind.MINUS);
      sum = MatrixArithmetic.plus(sum, term(), subtracted);
    }
    return new Matrix(sum);
  }

  private List<List<Expression>> term() {
    boolean bare = cursor.at(Kind.BEGIN);
    Expression factor = bare ? ScalarParser.ONE : scalars.factor();
    List<List<Expression>> product = power();
    int factors = 1;
    while (cursor.at(Kind.BEGIN) || (cursor.at(Kind.TIMES) && cursor.at(1, Kind.BEGIN))) {
      cursor.accept(Kind.TIMES);
      if (++factors > MAX_FACTORS) {
        throw cursor.unreadable();
      }
      product = MatrixArithmetic.times(product, power());
    }
    return bare ? product : MatrixArithmetic.scaled(factor, product);
  }

  private List<List<Expression>> power() {
    List<List<Expression>> matrix = rows(cursor.expect(Kind.BEGIN).text());
    if (!cursor.accept(Kind.CARET)) {
      return matrix;
    }
    boolean braced = cursor.accept(Kind.OPEN_BRACE);
    boolean inverted = cursor.accept(Kind.MINUS);
    Token exponent = cursor.take();
    List<List<Expression>> power;
    if (!inverted && TRANSPOSITIONS.contains(exponent.text())) {
      power = MatrixArithmetic.transposed(matrix);
    } else if (exponent.is(Kind.DIGITS) && exponent.text().length() <= 2) {
      List<List<Expression>> base = inverted ? MatrixArithmetic.inverse(matrix) : matrix;
      power = MatrixArithmetic.power(base, Integer.parseInt(exponent.text()));
    } else {
      throw cursor.unreadable();
    }
    if (braced) {
      cursor.expect(Kind.CLOSE_BRACE);
    }
    return power;
  }

  /** A determinant or trace. */
  Expression scalar() {
    if (isDeterminant(cursor.peek())) {
      return MatrixArithmetic.determinant(rows(cursor.take().text()));
    }
    boolean trace = cursor.expect(Kind.MATRIX_FUNCTION).text().equals("tr");
    boolean enclosed = cursor.accept(Kind.OPEN_PARENTHESIS);
    List<List<Expression>> matrix = enclosed ? sum().rows() : power();
    if (enclosed) {
      cursor.expect(Kind.CLOSE_PARENTHESIS);
    }
    return trace ? MatrixArithmetic.trace(matrix) : MatrixArithmetic.determinant(matrix);
  }

  /** The determinant of a matrix between bars, the first of which is taken. */
  Expression betweenBars() {
    Expression determinant = MatrixArithmetic.determinant(sum().rows());
    cursor.expect(Kind.BAR);
    return determinant;
  }

  private List<List<Expression>> rows(String environment) {
    if (!ENVIRONMENTS.contains(environment) && !environment.equals(DETERMINANT)) {
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
    return rows;
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
      row.add(scalars.entry());
    } while (cursor.accept(Kind.NEXT_CELL));
    return row;
  }
}
