package dev.drpo.judge.expression;

import dev.drpo.judge.number.Rational;
import java.util.List;

/**
 * A scalar expression as written, after parsing. Nothing is computed yet, so that sizes can be
 * refused first; only literals carry values, and those are as long as their text.
 */
public sealed interface Expression {

  /** An integer, or another exact literal. */
  @SuppressWarnings("AvoidCommonTypeNames") // nothing here boxes numbers
  record Number(Rational value) implements Expression {}

  /**
   * A decimal numeral, which may stand for a number that it is rounded from.
   *
   * @param lastPlace value of one unit in the last place
   * @param significantDigits digits from the first that isn't zero on
   */
  record Decimal(Rational value, Rational lastPlace, int significantDigits) implements Expression {}

  /** A variable, such as {@code x}, {@code x_1} or {@code \theta}. Case counts. */
  record Symbol(String name) implements Expression {
    /**
     * Begins the name of a value that is defined but not computed. Two of them may be the same
     * though their names differ.
     */
    public static final String UNDECIDED = "undecided ";
  }

  /** A number that has a name. */
  enum Constant implements Expression {
    PI,
    /** Euler's number. */
    E,
    /** The imaginary unit. */
    I,
    /** Positive infinity, which no arithmetic is defined for. */
    INFINITY
  }

  /** At least two terms. */
  record Sum(List<Expression> terms) implements Expression {
    public Sum {
      terms = List.copyOf(terms);
    }
  }

  /** At least two factors. */
  record Product(List<Expression> factors) implements Expression {
    public Product {
      factors = List.copyOf(factors);
    }
  }

  record Negation(Expression operand) implements Expression {}

  record Quotient(Expression numerator, Expression denominator) implements Expression {}

  record Power(Expression base, Expression exponent) implements Expression {}

  /** The {@code degree}-th root; of a negative real to an odd degree, the real one. */
  record Root(Expression degree, Expression radicand) implements Expression {}

  /** A function of one argument; angles are in radians. */
  record Call(Function function, Expression argument) implements Expression {}

  record Logarithm(Expression base, Expression argument) implements Expression {}

  record Factorial(Expression operand) implements Expression {}

  record Binomial(Expression total, Expression chosen) implements Expression {}

  /**
   * The sum or product of a term for every integer of a range; of none, it is 0 or 1.
   *
   * @param term in which {@link #INDEX} is the integer; terms hold no other series
   */
  record Series(boolean product, Expression from, Expression to, Expression term)
      implements Expression {
    /** What every index is called, so that its name doesn't count. */
    public static final String INDEX = "#";
  }
}
