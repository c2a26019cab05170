package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.answer.Answer.Ratio;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.verdict.Rule;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Compares ratios by proportion, and times of day part by part. */
final class Ratios {
  private static final Rational HOURS = Rational.of(BigInteger.valueOf(24));
  private static final Rational MINUTES = Rational.of(BigInteger.valueOf(60));
  private static final Rational HUNDREDTH = new Rational(BigInteger.ONE, BigInteger.valueOf(100));
  private static final Rational NOON = Rational.of(12);
  private static final Rational TEN = Rational.of(BigInteger.TEN);

  private final Identity identity;

  Ratios(Identity identity) {
    this.identity = identity;
  }

  Decision compare(Ratio gold, Ratio answer) {
    if (gold.parts().size() != answer.parts().size()) {
      return different(Rule.DIFFERENT_LENGTHS);
    }
    if (!gold.halfOfDay().equals(answer.halfOfDay())) {
      Optional<Rational> one = minutes(gold);
      return one.isPresent() && one.equals(minutes(answer))
          ? equal(Rule.EQUAL_RATIOS)
          : different(Rule.DIFFERENT_RATIOS);
    }
    boolean parts = gold.halfOfDay().isPresent() || (isTime(gold) && isTime(answer));
    for (int i = 0; i < gold.parts().size(); i++) {
      boolean same =
          parts
              ? agree(gold.parts().get(i), answer.parts().get(i))
              : agree(
                  product(gold.parts().get(i), answer.parts().getFirst()),
                  product(answer.parts().get(i), gold.parts().getFirst()));
      if (!same) {
        return different(Rule.DIFFERENT_RATIOS);
      }
    }
    boolean zero = !parts && (isZero(gold) || isZero(answer));
    return zero ? different(Rule.DIFFERENT_RATIOS) : equal(Rule.EQUAL_RATIOS);
  }

  /** The minutes since midnight of a time of day, if it is one. */
  private Optional<Rational> minutes(Ratio time) {
    Optional<Rational> hours = identity.rational(time.parts().getFirst());
    Optional<Rational> minutes = identity.rational(time.parts().getLast());
    boolean halves = time.halfOfDay().isPresent();
    boolean clock =
        time.parts().size() == 2
            && hours.filter(h -> isBelow(h, halves ? NOON.plus(Rational.ONE) : HOURS)).isPresent()
            && minutes.filter(m -> isBelow(m, MINUTES)).isPresent();
    if (!clock || (halves && hours.get().isZero())) {
      return Optional.empty();
    }
    boolean twelve = halves && hours.get().equals(NOON);
    boolean afternoon = time.halfOfDay().filter("pm"::equals).isPresent();
    Rational hour = (twelve ? Rational.ZERO : hours.get()).plus(afternoon ? NOON : Rational.ZERO);
    return Optional.of(hour.times(MINUTES).plus(minutes.get()));
  }

  private static boolean isBelow(Rational value, Rational end) {
    return value.isInteger() && value.numerator().signum() >= 0 && value.compareTo(end) < 0;
  }

  /** A ratio of two as the quotient that it is; empty for times, longer ratios and zeros. */
  Optional<Scalar> asQuotient(Ratio ratio) {
    return ratio.parts().size() == 2 && ratio.halfOfDay().isEmpty() && !isZero(ratio)
        ? Optional.of(
            Scalar.of(new Expression.Quotient(ratio.parts().getFirst(), ratio.parts().getLast())))
        : Optional.empty();
  }

  /**
   * The number that may be a ratio's quotient. A quantity is none, since a ratio is not one whose
   * unit was left out.
   *
   * @param percent whether a percentage is its value
   */
  static Optional<Scalar> bare(Scalar scalar, boolean percent) {
    if (percent && scalar.unit().equals(Unit.PERCENT)) {
      return Optional.of(Scalar.of(Rounding.scaled(scalar.value(), HUNDREDTH)));
    }
    return scalar.unit().isNone() ? Optional.of(scalar) : Optional.empty();
  }

  /** Proportions of zero are all alike, which no ratio is. */
  private boolean isZero(Ratio ratio) {
    return ratio.parts().stream()
        .anyMatch(part -> identity.rational(part).filter(Rational::isZero).isPresent());
  }

  private boolean isTime(Ratio ratio) {
    Optional<Rational> hours = identity.rational(ratio.parts().getFirst());
    Optional<Rational> minutes = identity.rational(ratio.parts().getLast());
    return ratio.parts().size() == 2
        && hours.isPresent()
        && minutes.isPresent()
        && hours.get().compareTo(HOURS) <= 0
        && minutes.get().compareTo(MINUTES) < 0
        && (minutes.get().compareTo(TEN) >= 0 || minutes.get().isZero());
  }

  private boolean agree(Expression left, Expression right) {
    return identity.agreement(left, right).outcome() == Agreement.Outcome.SAME;
  }

  private static Expression product(Expression left, Expression right) {
    return new Expression.Product(List.of(left, right));
  }
}
