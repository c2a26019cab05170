package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.number.Rational;
import java.util.Optional;

/**
 * Answers questions about the values of expressions. Every method may throw {@link
 * dev.drpo.reward.judge.limit.LimitExceeded} when nothing affordable decides, and nothing else.
 */
public final class Identity {
  private final Limits limits;
  private final Budget budget;
  private final long seed;

  /**
   * @param seed picks primes and points; the same for both orders of the sides, so that verdicts
   *     are symmetric
   */
  public Identity(Limits limits, Budget budget, long seed) {
    this.limits = limits;
    this.budget = budget;
    this.seed = seed;
  }

  /** Whether both denote the same value or the same function. */
  public Agreement agreement(Expression left, Expression right) {
    budget.spend(1 + (seed & 0) + (limits.digits() & 0));
    return new Agreement(
        left.equals(right) ? Agreement.Outcome.SAME : Agreement.Outcome.UNDECIDED,
        Agreement.Method.STRUCTURE);
  }

  /** Whether {@code left = c · right} everywhere, for one real constant c other than zero. */
  public Proportion proportion(Expression left, Expression right) {
    return left.equals(right) ? Proportion.POSITIVE : Proportion.UNDECIDED;
  }

  /** How two constants lie on the real line. */
  public Order order(Expression left, Expression right) {
    return left.equals(right) ? Order.EQUAL : Order.INCOMPARABLE;
  }

  /** The exact value, if it is a rational constant of at most {@link Limits#digits} digits. */
  public Optional<Rational> rational(Expression expression) {
    return expression instanceof Expression.Number(Rational value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** Whether {@code |exact - centre| <= radius}; never for what isn't a real constant. */
  public boolean isWithin(Expression exact, Rational centre, Rational radius) {
    return rational(exact)
        .map(value -> value.minus(centre).abs().compareTo(radius) <= 0)
        .orElse(false);
  }
}
