package dev.drpo.judge.number;

import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import java.math.BigInteger;

/** The exponential function and its inverse on balls. */
final class Exponentials {
  /** Results beyond are refused by the arithmetic anyway. */
  private static final int MAX_ARGUMENT_BITS = 28;

  private final BallArithmetic arithmetic;
  private final BallArithmetic wide;
  private final Constants constants;

  Exponentials(BallArithmetic arithmetic, Constants constants) {
    this.arithmetic = arithmetic;
    this.wide = arithmetic.widened(64);
    this.constants = constants;
  }

  /**
   * @throws NoValue if the argument is known too roughly
   */
  Ball exp(Ball x) {
    if (x.isZero()) {
      return Ball.ONE;
    }
    if (x.top() > MAX_ARGUMENT_BITS) {
      throw x.sign() == 0 ? NoValue.unsettled() : new LimitExceeded(Limit.NUMBER_SIZE);
    }
    if (x.sign() != 0) {
      arithmetic.noteGap(-x.top());
    }
    Ball spread = x.spread();
    if (spread.top() > 0 && !spread.isZero()) {
      throw NoValue.unsettled();
    }
    Ball centre = x.centre();
    // x = k ln 2 + rest with 0 <= rest < 1 or so, and exp(x) = 2^k · exp(rest).
    Ball quotient = wide.dividedBy(centre, constants.ln2());
    int k = floor(quotient.centre()).intValueExact();
    Ball rest = wide.minus(centre, wide.times(Ball.exact(k), constants.ln2()));
    Ball root = reducedExp(rest).shift(k);
    // exp(r) - 1 <= 2r for r <= 1
    return arithmetic.plus(
        arithmetic.times(root, Ball.ONE),
        arithmetic.times(root, arithmetic.around(arithmetic.magnitude(spread).shift(1))));
  }

  /** Of a number between 0 and 1, by way of {@code exp(x / 2^halvings)}. */
  private Ball reducedExp(Ball x) {
    int halvings = Math.min(4 + arithmetic.precision() / 64, 40);
    int places = arithmetic.precision() + 32 + halvings;
    Ball nonNegative = x.mantissa().signum() < 0 ? Ball.ZERO : x;
    Ball result = Series.exponential(nonNegative.shift(-halvings), wide, places);
    for (int i = 0; i < halvings; i++) {
      result = wide.times(result, result);
    }
    // What the clamp and the centre leave out, as exp' < 4 here.
    Ball error = wide.magnitude(wide.minus(x, nonNegative.centre())).shift(2);
    return wide.widen(result, error);
  }

  /** The natural logarithm of a ball of positive numbers. */
  Ball ln(Ball x) {
    if (x.isZero()) {
      throw NoValue.undefined();
    }
    if (x.sign() <= 0) {
      throw arithmetic.isNegligible(x) ? NoValue.undefined() : NoValue.unsettled();
    }
    Ball centre = x.centre();
    Ball result = lnOfCentre(centre);
    if (x.isExact()) {
      return result;
    }
    // |ln(m + d) - ln m| <= |d| / (m - r)
    Ball spread = arithmetic.magnitude(x.spread());
    return arithmetic.widen(result, arithmetic.dividedBy(spread, x.lower()));
  }

  private Ball lnOfCentre(Ball x) {
    // x = 2^k · u with 1/2 <= u < 1, or 1 <= u < 2 where that is nearer to one.
    int k = x.top();
    Ball u = x.shift(-k);
    if (isBelowThreeQuarters(u)) {
      u = u.shift(1);
      k--;
    }
    Ball fraction = lnNearOne(u);
    if (k == 0) {
      return arithmetic.times(fraction, Ball.ONE);
    }
    return arithmetic.plus(fraction, wide.times(Ball.exact(k), constants.ln2()));
  }

  private static boolean isBelowThreeQuarters(Ball u) {
    int bits = u.mantissa().bitLength();
    return bits < 2 || !u.mantissa().testBit(bits - 2);
  }

  /**
   * By way of {@code ln u = 2^n · 2 artanh((w - 1)/(w + 1))} with w the n-th iterated root of u.
   */
  private Ball lnNearOne(Ball u) {
    Ball w = u;
    int roots = 0;
    Ball distance = wide.minus(w, Ball.ONE);
    while (roots < 8 && !distance.isZero() && distance.top() > -8) {
      w = wide.root(w, 2);
      distance = wide.minus(w, Ball.ONE);
      roots++;
    }
    if (distance.isZero()) {
      return Ball.ZERO;
    }
    Ball z = wide.dividedBy(distance, wide.plus(w, Ball.ONE));
    Ball ratio =
        Series.hyperbolicArctangentRatio(wide.abs(z).centre(), wide, arithmetic.precision() + 48);
    // artanh' < 2 there, which covers the radius of z in the ratio as well.
    Ball artanh = wide.widen(wide.times(z, ratio), wide.magnitude(z.spread()).shift(2));
    return artanh.shift(roots + 1);
  }

  /** The greatest integer up to an exact ball. */
  private static BigInteger floor(Ball exact) {
    return exact.mantissa().shiftLeft(exact.exponent());
  }
}
