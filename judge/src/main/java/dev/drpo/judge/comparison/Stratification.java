package dev.drpo.judge.comparison;

import dev.drpo.judge.comparison.RealSet.Piece;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Compares sets of numbers stratum by stratum. Of each, only the ends that belong to the stratum
 * count: {@code (1,2)} and {@code [1,2]} hold the same irrational numbers, and {@code (0,4)} and
 * {@code [1,3]} the same integers.
 */
final class Stratification {
  private static final Rational HALF = new Rational(BigInteger.ONE, BigInteger.TWO);

  private final RealSet.Line line;
  private final Identity identity;
  private final WholeNumbers wholes;

  Stratification(RealSet.Line line, Identity identity) {
    this.line = line;
    this.identity = identity;
    this.wholes = new WholeNumbers(identity);
  }

  /**
   * Whether both sets are the same.
   *
   * @throws RealSet.Unordered if an end can't be told to be rational or not, where it matters
   */
  boolean areEqual(Strata one, Strata other) {
    if (one.isPlain() && other.isPlain()) {
      return line.areEqual(one.integers(), other.integers());
    }
    return one.nonReal() == other.nonReal()
        && line.areEqual(integers(one.integers()), integers(other.integers()))
        && areEqual(one.fractions(), other.fractions(), this::isFraction)
        && areEqual(one.irrationals(), other.irrationals(), end -> !isRational(end));
  }

  private boolean areEqual(RealSet one, RealSet other, Predicate<Expression> belongs) {
    return line.areEqual(one, other)
        || line.areEqual(restricted(one, belongs), restricted(other, belongs));
  }

  /** Ends outside the stratum are included and points outside left out, which changes nothing. */
  private RealSet restricted(RealSet set, Predicate<Expression> belongs) {
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : set.pieces()) {
      boolean point = piece.low().equals(piece.high());
      if (!point || belongs.test(piece.low())) {
        pieces.add(
            new Piece(
                piece.low(),
                piece.lowIncluded() || isOutside(piece.low(), belongs),
                piece.high(),
                piece.highIncluded() || isOutside(piece.high(), belongs)));
      }
    }
    return line.of(pieces);
  }

  private static boolean isOutside(Expression end, Predicate<Expression> belongs) {
    return !RealSet.isInfinite(end) && !belongs.test(end);
  }

  /** The integers of a set, each as the unit interval around it, so that neighbours touch. */
  private RealSet integers(RealSet set) {
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : set.pieces()) {
      Expression low = piece.low();
      Expression high = piece.high();
      if (!RealSet.isInfinite(low)) {
        BigInteger floor = wholes.floor(low);
        boolean first = piece.lowIncluded() && wholes.is(low, floor);
        low = shifted(first ? floor : floor.add(BigInteger.ONE), HALF.negate());
      }
      if (!RealSet.isInfinite(high)) {
        BigInteger floor = wholes.floor(high);
        boolean excluded = !piece.highIncluded() && wholes.is(high, floor);
        high = shifted(excluded ? floor.subtract(BigInteger.ONE) : floor, HALF);
      }
      pieces.add(new Piece(low, !RealSet.isInfinite(low), high, false));
    }
    return line.of(pieces);
  }

  private static Expression shifted(BigInteger integer, Rational by) {
    return new Expression.Number(Rational.of(integer).plus(by));
  }

  private boolean isFraction(Expression end) {
    return isRational(end) && !wholes.is(end, wholes.floor(end));
  }

  private boolean isRational(Expression end) {
    if (identity.rational(end).isPresent()) {
      return true;
    }
    if (isIrrational(end)) {
      return false;
    }
    throw new RealSet.Unordered();
  }

  /** Whether a constant is irrational for a reason that is known: a root, π or e, and one alone. */
  private boolean isIrrational(Expression end) {
    return switch (end) {
      case Expression.Constant constant ->
          constant == Expression.Constant.PI || constant == Expression.Constant.E;
      case Expression.Negation(Expression operand) -> isIrrational(operand);
      case Expression.Root(Expression degree, Expression radicand) ->
          identity.rational(degree).filter(d -> d.isInteger() && d.bitLength() <= 3).isPresent()
              && identity
                  .rational(radicand)
                  .filter(r -> r.numerator().signum() > 0 && r.bitLength() <= Byte.MAX_VALUE)
                  .isPresent();
      case Expression.Sum(List<Expression> terms) -> isOneIrrational(terms, true);
      case Expression.Product(List<Expression> factors) -> isOneIrrational(factors, false);
      case Expression.Quotient(Expression top, Expression bottom) ->
          isOneIrrational(List.of(top, bottom), false);
      default -> false;
    };
  }

  /** Whether all but one are rational, and none of those zero unless that is allowed. */
  private boolean isOneIrrational(List<Expression> parts, boolean zeroAllowed) {
    int irrational = 0;
    for (Expression part : parts) {
      boolean rational =
          identity.rational(part).filter(value -> zeroAllowed || !value.isZero()).isPresent();
      if (!rational) {
        if (!isIrrational(part)) {
          return false;
        }
        irrational++;
      }
    }
    return irrational == 1;
  }
}
