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
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws expressions of every kind, sensible or not. */
final class AnyExpression {
  private static final long[] NUMBERS = {0, 1, 1, 2, 2, 3, 4, 5, 7, 10, 100, 9999, 123_456_789};

  private static final List<Function> FUNCTIONS = List.of(Function.values());

  private final SplittableRandom random;

  AnyExpression(long seed) {
    this.random = new SplittableRandom(seed);
  }

  Expression draw(int depth) {
    if (depth == 0) {
      return leaf();
    }
    return switch (random.nextInt(13)) {
      case 0, 1 -> new Sum(several(depth));
      case 2 -> new Product(several(depth));
      case 3 -> new Negation(draw(depth - 1));
      case 4, 5 -> new Quotient(draw(depth - 1), draw(depth - 1));
      case 6 -> new Power(draw(depth - 1), draw(depth - 1));
      case 7 -> new Root(draw(0), draw(depth - 1));
      case 8 -> new Logarithm(draw(0), draw(depth - 1));
      case 9 -> new Factorial(draw(depth - 1));
      case 10 -> new Binomial(draw(depth - 1), draw(depth - 1));
      default -> new Call(function(), draw(depth - 1));
    };
  }

  private Function function() {
    return FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
  }

  private List<Expression> several(int depth) {
    List<Expression> operands = new ArrayList<>();
    for (int i = random.nextInt(2, 4); i > 0; i--) {
      operands.add(draw(depth - 1));
    }
    return operands;
  }

  private Expression leaf() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> new Symbol("x");
      case 2 -> new Symbol("n");
      case 3 -> random.nextInt(8) == 0 ? Constant.INFINITY : Constant.PI;
      case 4 -> Constant.E;
      case 5 -> Constant.I;
      case 6 -> new Decimal(tenths(25), tenths(1), 2);
      case 7 -> new Number(Rational.of(BigInteger.TEN.pow(random.nextInt(400))));
      default -> new Number(Rational.of(NUMBERS[random.nextInt(NUMBERS.length)]));
    };
  }

  private static Rational tenths(long count) {
    return new Rational(BigInteger.valueOf(count), BigInteger.TEN);
  }
}
