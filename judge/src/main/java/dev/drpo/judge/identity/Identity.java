package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Number;
import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.number.Ball;
import dev.drpo.judge.number.BallArithmetic;
import dev.drpo.judge.number.ComplexBall;
import dev.drpo.judge.number.Rational;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Answers questions about the values of expressions. Every method may throw {@link
 * dev.drpo.judge.limit.LimitExceeded} when nothing affordable decides, and nothing else.
 *
 * <p>Numbers without symbols are complex, at their principal values. Functions are compared at real
 * points and are undefined where their value isn't real, unless the imaginary unit occurs in one of
 * them.
 */
public final class Identity {
  private final Limits limits;
  private final Budget budget;
  private final long seed;
  private final ExactEvaluation exact;

  /**
   * @param seed picks primes and points; the same for both orders of the sides, so that verdicts
   *     are symmetric
   */
  public Identity(Limits limits, Budget budget, long seed) {
    this.limits = limits;
    this.budget = budget;
    this.seed = seed;
    this.exact = new ExactEvaluation(new RationalArithmetic(limits.bits(), budget));
  }

  /** Whether both denote the same value or the same function. */
  public Agreement agreement(Expression left, Expression right) {
    return new Agreements(limits, budget, seed, left, right).decide();
  }

  /** Whether {@code left = c · right} everywhere, for one real constant c other than zero. */
  public Proportion proportion(Expression left, Expression right) {
    Traits traits = Traits.of(budget, left, right);
    if (traits.has(Constant.INFINITY)) {
      return Proportion.UNDEFINED;
    }
    Exact leftExact = exact.evaluate(left);
    Exact rightExact = exact.evaluate(right);
    if (leftExact == Exact.Absent.UNDEFINED || rightExact == Exact.Absent.UNDEFINED) {
      return Proportion.UNDEFINED;
    }
    if (leftExact instanceof Exact.Value(Rational first)
        && rightExact instanceof Exact.Value(Rational second)) {
      return proportion(first, second);
    }
    return proportion(left, right, traits);
  }

  private static Proportion proportion(Rational left, Rational right) {
    int signs = left.numerator().signum() * right.numerator().signum();
    if (signs == 0) {
      return left.equals(right) ? Proportion.POSITIVE : Proportion.NONE;
    }
    return signs > 0 ? Proportion.POSITIVE : Proportion.NEGATIVE;
  }

  private Proportion proportion(Expression left, Expression right, Traits traits) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean onlyReals = !traits.symbols().isEmpty() && !traits.has(Constant.I);
    Ladder ladder = new Ladder(traits, onlyReals, exact, budget);
    Proportions proportions = new Proportions(left, right, ladder);
    List<Point> points =
        traits.symbols().isEmpty()
            ? List.of(Point.NOWHERE)
            : new Sampling(traits.symbols(), random.split()).reals().toList();
    ModularReading reading = new ModularReading(exact, budget);
    Optional<ModularComparison.Ratio> ratio =
        reading
            .read(left)
            .flatMap(
                first ->
                    reading
                        .read(right)
                        .flatMap(
                            second ->
                                new ModularComparison(traits, random, budget)
                                    .ratio(first, second)));
    if (ratio.isEmpty() || traits.mayBeDependent()) {
      return proportions.across(points);
    }
    return switch (ratio.get()) {
      case CONSTANT -> proportions.signAt(points);
      case VARYING -> Proportion.NONE;
      case BOTH_ZERO -> Proportion.POSITIVE;
    };
  }

  /** How two constants lie on the real line. */
  public Order order(Expression left, Expression right) {
    int leftEnd = Infinities.end(left);
    int rightEnd = Infinities.end(right);
    if (leftEnd != 0 || rightEnd != 0) {
      boolean comparable = (leftEnd != 0 || isReal(left)) && (rightEnd != 0 || isReal(right));
      return comparable ? order(Integer.compare(leftEnd, rightEnd)) : Order.INCOMPARABLE;
    }
    Traits traits = Traits.of(budget, left, right);
    if (traits.has(Constant.INFINITY)) {
      return Order.INCOMPARABLE;
    }
    if (!traits.symbols().isEmpty()) {
      boolean same = agreement(left, right).outcome() == Outcome.SAME;
      return same ? Order.EQUAL : Order.INCOMPARABLE;
    }
    Optional<Rational> leftValue = exact.rational(left);
    Optional<Rational> rightValue = exact.rational(right);
    if (leftValue.isPresent() && rightValue.isPresent()) {
      return order(leftValue.get().compareTo(rightValue.get()));
    }
    return climb(traits, rung -> order(rung, left, right));
  }

  private boolean isReal(Expression expression) {
    return order(expression, new Number(Rational.ZERO)) != Order.INCOMPARABLE;
  }

  private static Order order(int comparison) {
    return comparison < 0 ? Order.LESS : comparison > 0 ? Order.GREATER : Order.EQUAL;
  }

  private static Optional<Order> order(Rung rung, Expression left, Expression right) {
    Optional<ComplexBall> leftValue = rung.valueIfDefined(left);
    Optional<ComplexBall> rightValue = rung.valueIfDefined(right);
    // Both sides are asked before either is settled, so that the answer is symmetric.
    if (!mayBeReal(leftValue) || !mayBeReal(rightValue)) {
      return Optional.of(Order.INCOMPARABLE);
    }
    return order(rung, rung.real(leftValue.get()), rung.real(rightValue.get()));
  }

  private static boolean mayBeReal(Optional<ComplexBall> value) {
    return value.filter(number -> number.imaginary().containsZero()).isPresent();
  }

  private static Optional<Order> order(Rung rung, Ball left, Ball right) {
    return rung.areEqual(ComplexBall.real(left), ComplexBall.real(right))
        .map(
            equal ->
                equal ? Order.EQUAL : order(rung.arithmetic().reals().minus(left, right).sign()));
  }

  /** The exact value, if it is a rational constant of at most {@link Limits#digits} digits. */
  public Optional<Rational> rational(Expression expression) {
    return exact.rational(expression);
  }

  /** Whether {@code |exact - centre| <= radius}; never for what isn't a real constant. */
  public boolean isWithin(Expression expression, Rational centre, Rational radius) {
    Traits traits = Traits.of(budget, expression, new Number(centre), new Number(radius));
    if (traits.has(Constant.INFINITY) || !traits.symbols().isEmpty()) {
      return false;
    }
    Optional<Rational> value = exact.rational(expression);
    if (value.isPresent()) {
      return value.get().minus(centre).abs().compareTo(radius) <= 0;
    }
    Order order = climb(traits, rung -> distanceOrder(rung, expression, centre, radius));
    return order == Order.LESS || order == Order.EQUAL;
  }

  private static Optional<Order> distanceOrder(
      Rung rung, Expression expression, Rational centre, Rational radius) {
    Optional<ComplexBall> value = rung.valueIfDefined(expression);
    if (!mayBeReal(value)) {
      return Optional.of(Order.INCOMPARABLE);
    }
    BallArithmetic reals = rung.arithmetic().reals();
    Ball distance = reals.abs(reals.minus(rung.real(value.get()), reals.of(centre)));
    return order(rung, distance, reals.of(radius));
  }

  private Order climb(Traits traits, Ladder.Step<Order> step) {
    return new Ladder(traits, false, exact, budget).climb(Point.NOWHERE, step);
  }
}
