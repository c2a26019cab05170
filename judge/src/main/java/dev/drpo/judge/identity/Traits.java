package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Binomial;
import dev.drpo.judge.expression.Expression.Call;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Decimal;
import dev.drpo.judge.expression.Expression.Factorial;
import dev.drpo.judge.expression.Expression.Logarithm;
import dev.drpo.judge.expression.Expression.Negation;
import dev.drpo.judge.expression.Expression.Number;
import dev.drpo.judge.expression.Expression.Power;
import dev.drpo.judge.expression.Expression.Product;
import dev.drpo.judge.expression.Expression.Quotient;
import dev.drpo.judge.expression.Expression.Root;
import dev.drpo.judge.expression.Expression.Series;
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.Rational;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What occurs in one or two expressions. */
final class Traits {
  /** Literals of so few bits are common, and many of them hide less than their bits. */
  private static final int SHORT = 64;

  private static final int MAX_SHORT_BITS = 1024;

  /** Longer literals are beyond every limit on digits. */
  private static final int MAX_WEIGHT = 1 << 14;

  private final SortedSet<String> symbols = new TreeSet<>();
  private final Set<Constant> constants = EnumSet.noneOf(Constant.class);
  private final Budget budget;
  private boolean branched;
  private long occurrences;
  private long shortBits;
  private long longBits;

  private Traits(Budget budget) {
    this.budget = budget;
  }

  static Traits of(Budget budget, Expression... expressions) {
    Traits traits = new Traits(budget);
    for (Expression expression : expressions) {
      traits.scan(expression);
    }
    return traits;
  }

  /** The names of the variables, in order. */
  SortedSet<String> symbols() {
    return symbols;
  }

  boolean has(Constant constant) {
    return constants.contains(constant);
  }

  /** Whether a function occurs whose formula or domain changes somewhere on the line. */
  boolean isBranched() {
    return branched;
  }

  /**
   * Whether residues may tell apart what is equal, as nobody knows whether π and e are independent.
   */
  boolean mayBeDependent() {
    return has(Constant.PI) && has(Constant.E);
  }

  /**
   * Bits of all literals together, those of powers of literals included. Different numbers made of
   * short literals differ within few bits, but longer literals can hide their difference deeper.
   */
  int weight() {
    return (int) Math.min(Math.min(shortBits, MAX_SHORT_BITS) + longBits, MAX_WEIGHT);
  }

  private void scan(Expression expression) {
    budget.spend(1);
    switch (expression) {
      case Number _, Decimal _ -> weigh(expression, 1);
      case Symbol(String name) when name.equals(Series.INDEX) -> {}
      case Symbol(String name) -> {
        symbols.add(name);
        occurrences++;
      }
      case Constant constant -> constants.add(constant);
      case Sum(List<Expression> terms) -> terms.forEach(this::scan);
      case Product(List<Expression> factors) -> factors.forEach(this::scan);
      case Negation(Expression operand) -> scan(operand);
      case Quotient(Expression numerator, Expression denominator) ->
          scanBoth(numerator, denominator);
      case Power(Expression base, Expression exponent) ->
          branching(!(exponent instanceof Number), () -> scanRepeated(base, exponent));
      case Root(Expression degree, Expression radicand) ->
          branching(true, () -> scanBoth(degree, radicand));
      case Call call -> branching(isBranched(call.function()), () -> scan(call.argument()));
      case Logarithm(Expression base, Expression argument) ->
          branching(true, () -> scanBoth(base, argument));
      case Factorial(Expression operand) -> scanRepeated(operand, operand);
      case Binomial(Expression total, Expression chosen) -> scanRepeated(total, chosen);
      case Series series ->
          branching(
              true,
              () -> {
                scanBoth(series.from(), series.to());
                scan(series.term());
              });
    }
  }

  /** Scans the operands of a function, which branches if they vary. */
  private void branching(boolean mayBranch, Runnable operands) {
    long before = occurrences;
    operands.run();
    branched |= mayBranch && occurrences > before;
  }

  private static boolean isBranched(Function function) {
    return switch (function) {
      case SIN, COS, TAN, COT, SEC, CSC, SINH, COSH, TANH, EXP -> false;
      case ARCSIN,
          ARCCOS,
          ARCTAN,
          ARCCOT,
          ARCSEC,
          ARCCSC,
          LN,
          ABS,
          FLOOR,
          CEILING,
          CONJUGATE,
          REAL,
          IMAGINARY ->
          true;
    };
  }

  private void scanBoth(Expression left, Expression right) {
    scan(left);
    scan(right);
  }

  /** A literal weighs as often as it is multiplied. */
  private void scanRepeated(Expression base, Expression count) {
    if (isLiteral(base)) {
      weigh(base, repetitions(count));
    } else {
      scan(base);
    }
    scan(count);
  }

  private void weigh(Expression literal, long repetitions) {
    long bits = repetitions * bits(literal);
    if (bits <= SHORT) {
      shortBits += bits;
    } else {
      longBits += bits;
    }
  }

  private static long bits(Expression literal) {
    return switch (literal) {
      case Number(Rational value) -> bits(value);
      case Decimal decimal -> bits(decimal.value());
      case Negation(Expression operand) -> bits(operand);
      case Quotient(Expression numerator, Expression denominator) ->
          bits(numerator) + bits(denominator);
      default -> 0;
    };
  }

  private static long bits(Rational value) {
    return Math.min(
        (long) value.numerator().bitLength() + value.denominator().bitLength(), MAX_WEIGHT);
  }

  /** Powers of anything else are kept apart by more than their literals. */
  private static boolean isLiteral(Expression expression) {
    return switch (expression) {
      case Number _, Decimal _ -> true;
      case Negation(Expression operand) -> isLiteral(operand);
      case Quotient(Expression numerator, Expression denominator) ->
          isLiteral(numerator) && isLiteral(denominator);
      default -> false;
    };
  }

  /** How often a literal exponent repeats its base. */
  private static long repetitions(Expression exponent) {
    return switch (exponent) {
      case Negation(Expression operand) -> repetitions(operand);
      case Number(Rational value) when value.bitLength() < Short.SIZE ->
          1 + value.numerator().abs().longValue() / value.denominator().longValue();
      case Number _ -> MAX_WEIGHT;
      default -> 1;
    };
  }
}
