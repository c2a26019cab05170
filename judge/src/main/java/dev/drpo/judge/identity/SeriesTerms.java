package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Series;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;

/** The terms of finite series, one by one. */
final class SeriesTerms {
  /** Longer ones would take more steps than a verdict may. */
  private static final int MAX_COUNT = 5000;

  private SeriesTerms() {}

  /** How many integers a range has. */
  static int count(BigInteger from, BigInteger to) {
    BigInteger count = to.subtract(from).add(BigInteger.ONE);
    if (count.compareTo(BigInteger.valueOf(MAX_COUNT)) > 0) {
      throw new LimitExceeded(Limit.STEPS);
    }
    return Math.max(0, count.intValue());
  }

  /** The term of one index. */
  static Expression term(Series series, BigInteger index) {
    Expression number = new Expression.Number(Rational.of(index));
    Expression symbol = new Expression.Symbol(Series.INDEX);
    return Terms.rewrite(series.term(), part -> part.equals(symbol) ? number : part);
  }
}
