package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.expression.Expression.Binomial;
import dev.drpo.reward.judge.expression.Expression.Call;
import dev.drpo.reward.judge.expression.Expression.Constant;
import dev.drpo.reward.judge.expression.Expression.Decimal;
import dev.drpo.reward.judge.expression.Expression.Factorial;
import dev.drpo.reward.judge.expression.Expression.Logarithm;
import dev.drpo.reward.judge.expression.Expression.Negation;
import dev.drpo.reward.judge.expression.Expression.Number;
import dev.drpo.reward.judge.expression.Expression.Power;
import dev.drpo.reward.judge.expression.Expression.Product;
import dev.drpo.reward.judge.expression.Expression.Quotient;
import dev.drpo.reward.judge.expression.Expression.Root;
import dev.drpo.reward.judge.expression.Expression.Sum;
import dev.drpo.reward.judge.expression.Expression.Symbol;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.number.Rational;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What occurs in one or two expressions. */
final class Traits {
  /** Longer literals are beyond every limit on digits. */
  private static final int GREATEST_WEIGHT = 1 << 14;

  private final SortedSet<String> symbols = new TreeSet<>();
  private final Set<Constant> constants = EnumSet.noneOf(Constant.class);
  private final Budget budget;
  private long weight;

  private Traits(Budget budget) {
    this.budget = budget;
  }

  static Traits of(Budget budget, Expression... expressions) {
    Traits traits = new Traits(budget);
    for (Expression expression : expressions) {
      traits.weight += traits.scan(expression);
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

  /**
   * Bits of all literals together, those of powers of literals included. Different numbers made of
   * short literals differ within few bits, but longer literals can hide their difference deeper.
   */
  int weight() {
    return (int) Math.min(weight, GREATEST_WEIGHT);
  }

  private long scan(Expression expression) {
    budget.spend(1);
    return switch (expression) {
      case Number(Rational value) -> weight(value);
      case Decimal decimal -> weight(decimal.value());
      case Symbol(String name) -> {
        symbols.add(name);
        yield 0;
      }
      case Constant constant -> {
        constants.add(constant);
        yield 0;
      }
      case Sum(List<Expression> terms) -> scan(terms);
      case Product(List<Expression> factors) -> scan(factors);
      case Negation(Expression operand) -> scan(operand);
      case Quotient(Expression numerator, Expression denominator) ->
          scan(numerator) + scan(denominator);
      case Power(Expression base, Expression exponent) ->
          times(scan(base), isLiteral(base) ? repetitions(exponent) : 1) + scan(exponent);
      case Root(Expression degree, Expression radicand) -> scan(degree) + scan(radicand);
      case Call call -> scan(call.argument());
      case Logarithm(Expression base, Expression argument) -> scan(base) + scan(argument);
      case Factorial(Expression operand) -> times(scan(operand), repetitions(operand));
      case Binomial(Expression total, Expression chosen) ->
          times(scan(total), repetitions(chosen)) + scan(chosen);
    };
  }

  private long scan(List<Expression> expressions) {
    long sum = 0;
    for (Expression expression : expressions) {
      sum += scan(expression);
    }
    return sum;
  }

  private static long weight(Rational value) {
    return (long) value.numerator().bitLength() + value.denominator().bitLength();
  }

  private static long times(long weight, long count) {
    return Math.min(weight, GREATEST_WEIGHT) * count;
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
      case Number _ -> GREATEST_WEIGHT;
      default -> 1;
    };
  }
}
