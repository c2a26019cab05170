package dev.drpo.judge.number;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.limit.Budget;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Asserts that a ball holds a number and is no wider than its precision explains. */
final class Enclosure {
  private Enclosure() {}

  static BallArithmetic arithmetic(int precision) {
    return new BallArithmetic(precision, false, new Budget(Long.MAX_VALUE));
  }

  static ComplexFunctions functions(BallArithmetic arithmetic) {
    return new ComplexFunctions(new ComplexArithmetic(arithmetic), false);
  }

  static BigDecimal centre(Ball ball) {
    return scaled(ball.mantissa(), ball.exponent());
  }

  static BigDecimal radius(Ball ball) {
    return scaled(BigInteger.valueOf(ball.radius()), ball.exponent());
  }

  private static BigDecimal scaled(BigInteger mantissa, int exponent) {
    return exponent >= 0
        ? new BigDecimal(mantissa.shiftLeft(exponent))
        : SlowReals.of(new Rational(mantissa, BigInteger.ONE.shiftLeft(-exponent)));
  }

  /** The expected value may be wrong in its last digits, see {@link SlowReals}. */
  static void assertHolds(Ball ball, BigDecimal expected) {
    BigDecimal tolerance = expected.abs().max(BigDecimal.ONE).movePointLeft(SlowReals.DIGITS);
    assertThat(centre(ball).subtract(expected).abs())
        .as("distance of %s from the centre of %s", expected, ball)
        .isLessThanOrEqualTo(radius(ball).add(tolerance));
  }

  static void assertTight(Ball ball, int bits) {
    BigDecimal widest =
        centre(ball)
            .abs()
            .multiply(SlowReals.of(new Rational(BigInteger.ONE, BigInteger.ONE.shiftLeft(bits))));
    assertThat(radius(ball)).as("radius of %s", ball).isLessThanOrEqualTo(widest);
  }
}
