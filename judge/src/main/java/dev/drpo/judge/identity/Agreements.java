package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.identity.Agreement.Method;
import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.number.NoValue;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Decides whether two expressions are the same, by the cheapest method that applies. */
final class Agreements {
  /** What a confirmation may cost; it isn't worth more than the question. */
  private static final long CONFIRMATION_STEPS = 200_000;

  private final Limits limits;
  private final Budget budget;
  private final Expression left;
  private final Expression right;
  private final Traits traits;
  private final ExactEvaluation exact;
  private final SplittableRandom primes;
  private final Sampling sampling;

  Agreements(Limits limits, Budget budget, long seed, Expression left, Expression right) {
    this.limits = limits;
    this.budget = budget;
    this.left = left;
    this.right = right;
    this.traits = Traits.of(budget, left, right);
    this.exact = exact(budget);
    this.primes = new SplittableRandom(seed);
    this.sampling = new Sampling(traits.symbols(), primes.split());
  }

  private ExactEvaluation exact(Budget payer) {
    return new ExactEvaluation(new RationalArithmetic(limits.bits(), payer));
  }

  Agreement decide() {
    if (traits.has(Constant.INFINITY)) {
      return new Agreement(infinite(), Method.STRUCTURE);
    }
    if (left.equals(right)) {
      return new Agreement(isUndefined() ? Outcome.BOTH_UNDEFINED : Outcome.SAME, Method.STRUCTURE);
    }
    Exact leftExact = exact.evaluate(left);
    Exact rightExact = exact.evaluate(right);
    if (leftExact instanceof Exact.Value && rightExact instanceof Exact.Value) {
      boolean same = leftExact.equals(rightExact);
      return new Agreement(same ? Outcome.SAME : Outcome.DIFFERENT, Method.EXACT);
    }
    return modular().orElseGet(() -> new Agreement(byBalls(), Method.BALL));
  }

  /** Infinity is an end of the line or, within arithmetic, undefined. */
  private Outcome infinite() {
    boolean leftUndefined = isUndefinedBesideInfinity(left);
    boolean rightUndefined = isUndefinedBesideInfinity(right);
    if (leftUndefined || rightUndefined) {
      return leftUndefined && rightUndefined
          ? Outcome.BOTH_UNDEFINED
          : leftUndefined ? Outcome.LEFT_UNDEFINED : Outcome.RIGHT_UNDEFINED;
    }
    return Infinities.end(left) == Infinities.end(right) ? Outcome.SAME : Outcome.DIFFERENT;
  }

  private boolean isUndefinedBesideInfinity(Expression side) {
    return Infinities.end(side) == 0
        && (Traits.of(budget, side).has(Constant.INFINITY)
            || exact.evaluate(side) == Exact.Absent.UNDEFINED);
  }

  /** Whether the left side certainly has no value, as far as a glance tells. */
  private boolean isUndefined() {
    return switch (exact.evaluate(left)) {
      case Exact.Value _ -> false;
      case Exact.Absent.UNDEFINED -> true;
      case Exact.Absent.UNKNOWN -> isUndefinedAtSomePoints();
    };
  }

  private boolean isUndefinedAtSomePoints() {
    Budget glance = new Budget(CONFIRMATION_STEPS);
    try {
      Ladder ladder = new Ladder(traits, false, exact(glance), glance);
      return points().allMatch(point -> isUndefined(ladder.rung(point, Long.SIZE)));
    } catch (LimitExceeded exceeded) {
      return false;
    } finally {
      budget.spend(glance.used());
    }
  }

  private Stream<Point> points() {
    return traits.symbols().isEmpty()
        ? Stream.of(Point.NOWHERE)
        : Stream.concat(sampling.reals().limit(3), sampling.naturals().limit(3));
  }

  private boolean isUndefined(Rung rung) {
    try {
      return rung.valueIfDefined(left).isEmpty();
    } catch (NoValue unsettled) {
      return false;
    }
  }

  /** Empty if a side is no rational function, or if residues don't decide. */
  private Optional<Agreement> modular() {
    ModularReading reading = new ModularReading(exact, budget);
    Optional<ModularFunction> first = reading.read(left);
    Optional<ModularFunction> second = first.flatMap(_ -> reading.read(right));
    if (second.isEmpty()) {
      return Optional.empty();
    }
    ModularComparison comparison = new ModularComparison(traits, primes, budget);
    return comparison
        .areEqual(first.get(), second.get())
        .flatMap(equal -> equal ? confirmed() : told());
  }

  private Optional<Agreement> told() {
    return traits.mayBeDependent()
        ? Optional.empty()
        : Optional.of(new Agreement(Outcome.DIFFERENT, Method.MODULAR));
  }

  private Optional<Agreement> confirmed() {
    return Optional.of(
        isContradicted()
            ? new Agreement(Outcome.DIFFERENT, Method.BALL)
            : new Agreement(Outcome.SAME, Method.MODULAR));
  }

  /** Whether enclosures at one point prove equal residues to be a coincidence, made or not. */
  private boolean isContradicted() {
    Budget confirmation = new Budget(CONFIRMATION_STEPS);
    try {
      Ladder ladder =
          new Ladder(traits, !traits.has(Constant.I), exact(confirmation), confirmation);
      Rung rung = ladder.rung(points().findFirst().orElseThrow(), Long.SIZE + traits.weight());
      return new PointComparison(left, right)
          .at(rung)
          .filter(outcome -> outcome == Outcome.DIFFERENT)
          .isPresent();
    } catch (LimitExceeded | NoValue unaffordable) {
      return false;
    } finally {
      budget.spend(confirmation.used());
    }
  }

  private Outcome byBalls() {
    PointComparison comparison = new PointComparison(left, right);
    Ladder complex = new Ladder(traits, false, exact, budget);
    if (traits.symbols().isEmpty()) {
      return complex.climb(Point.NOWHERE, comparison::at);
    }
    Ladder ladder = traits.has(Constant.I) ? complex : new Ladder(traits, true, exact, budget);
    return new FunctionComparison(comparison, ladder, complex, sampling, traits.isBranched())
        .outcome();
  }
}
