package dev.drpo.judge.number;

import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import java.math.BigInteger;

/** Sine, cosine and the inverse tangent on balls. */
final class Trigonometry {
  /** Larger arguments would need π to as many bits. */
  private static final int MAX_ARGUMENT_BITS = 4096;

  private final BallArithmetic arithmetic;
  private final Constants constants;

  /** The sine and the cosine of the same angle. */
  record SineAndCosine(Ball sine, Ball cosine) {}

  Trigonometry(BallArithmetic arithmetic, Constants constants) {
    this.arithmetic = arithmetic;
    this.constants = constants;
  }

  SineAndCosine sineAndCosine(Ball angle) {
    if (angle.isZero()) {
      return new SineAndCosine(Ball.ZERO, Ball.ONE);
    }
    int top = angle.top();
    if (top > MAX_ARGUMENT_BITS) {
      throw angle.sign() == 0 ? NoValue.unsettled() : new LimitExceeded(Limit.NUMBER_SIZE);
    }
    if (!angle.isExact() && angle.spread().top() > 0) {
      throw NoValue.unsettled();
    }
    SineAndCosine centre = top < -arithmetic.precision() ? tiny(angle) : ofCentre(angle.centre());
    // Neither has a slope beyond ±1.
    Ball spread = arithmetic.magnitude(angle.spread());
    return new SineAndCosine(
        arithmetic.widen(centre.sine(), spread), arithmetic.widen(centre.cosine(), spread));
  }

  /** {@code |sin x - x| <= x²|x|} and {@code |cos x - 1| <= x²}. */
  private SineAndCosine tiny(Ball angle) {
    arithmetic.noteGap(-2 * angle.top());
    Ball centre = angle.centre();
    Ball square = arithmetic.magnitude(arithmetic.times(centre, centre));
    Ball cube = arithmetic.magnitude(arithmetic.times(square, centre));
    return new SineAndCosine(arithmetic.widen(centre, cube), arithmetic.widen(Ball.ONE, square));
  }

  private SineAndCosine ofCentre(Ball angle) {
    int top = Math.max(0, angle.top());
    int extra = 32 + Math.max(top, -angle.top());
    BallArithmetic wide = arithmetic.widened(extra);
    if (angle.top() < 0) {
      arithmetic.noteGap(-2 * angle.top());
    }
    Ball quarter = constants.pi(wide.precision() + 16).shift(-1);
    BigInteger turns = top == 0 ? BigInteger.ZERO : nearest(wide.dividedBy(angle, quarter));
    Ball rest = wide.minus(angle, wide.times(wide.of(turns), quarter));
    SineAndCosine reduced = reduced(rest, wide);
    return switch (turns.intValue() & 3) {
      case 0 -> reduced;
      case 1 -> new SineAndCosine(reduced.cosine(), reduced.sine().negate());
      case 2 -> new SineAndCosine(reduced.sine().negate(), reduced.cosine().negate());
      default -> new SineAndCosine(reduced.cosine().negate(), reduced.sine());
    };
  }

  /** Of an angle between -1 and 1, by way of doubling a small one. */
  private static SineAndCosine reduced(Ball angle, BallArithmetic wide) {
    int doublings = Math.min(4 + wide.precision() / 96, 40);
    int places = wide.precision() + 2 * doublings;
    Ball small = wide.abs(angle).centre().shift(-doublings);
    Ball sine = Series.sine(small, wide, places);
    Ball cosine = Series.cosine(small, wide, places);
    for (int i = 0; i < doublings; i++) {
      Ball doubledSine = wide.times(sine, cosine).shift(1);
      cosine = wide.minus(Ball.ONE, wide.times(sine, sine).shift(1));
      sine = doubledSine;
    }
    Ball spread = wide.magnitude(angle.spread());
    return new SineAndCosine(
        wide.widen(angle.mantissa().signum() < 0 ? sine.negate() : sine, spread),
        wide.widen(cosine, spread));
  }

  /** An integer within one of the ball's centre. */
  private static BigInteger nearest(Ball ball) {
    BigInteger twice = ball.mantissa().shiftLeft(ball.exponent() + 1);
    return twice.add(BigInteger.ONE).shiftRight(1);
  }

  /** Between -π/2 and π/2. */
  Ball arctangent(Ball x) {
    if (x.isZero()) {
      return x;
    }
    if (x.sign() != 0) {
      arithmetic.noteGap(-2 * x.top());
    }
    Ball magnitude = arithmetic.abs(x).centre();
    Ball result = Ball.ZERO;
    if (!magnitude.isZero()) {
      boolean inverted = magnitude.top() > 0;
      BallArithmetic wide = arithmetic.widened(48);
      Ball inner = inverted ? wide.dividedBy(Ball.ONE, magnitude) : magnitude;
      Ball angle = ofSmall(inner, wide);
      result = inverted ? arithmetic.minus(constants.pi().shift(-1), angle) : angle;
    }
    // The slope is at most one.
    Ball widened = arithmetic.widen(result, arithmetic.magnitude(x.spread()));
    return x.mantissa().signum() < 0 ? widened.negate() : widened;
  }

  /** Of a number between 0 and 1, by halving the angle: {@code tan(a/2) = t / (1 + √(1 + t²))}. */
  private static Ball ofSmall(Ball tangent, BallArithmetic wide) {
    Ball half = tangent;
    int halvings = 0;
    while (halvings < 8 && half.top() > -6) {
      Ball root = wide.root(wide.plus(Ball.ONE, wide.times(half, half)), 2);
      half = wide.dividedBy(half, wide.plus(Ball.ONE, root));
      halvings++;
    }
    Ball ratio = Series.arctangentRatio(half.centre(), wide, wide.precision());
    Ball angle = wide.times(half, ratio);
    return wide.widen(angle, wide.magnitude(half.spread())).shift(halvings);
  }
}
