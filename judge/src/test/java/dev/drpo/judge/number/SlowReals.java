package dev.drpo.judge.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Elementary functions by textbook series on {@link BigDecimal}, with none of the tricks of the
 * balls. Results are good to {@link #DIGITS} digits after the point, or of the number where that is
 * more.
 */
final class SlowReals {
  static final int DIGITS = 160;
  private static final MathContext CONTEXT = new MathContext(DIGITS + 60, RoundingMode.HALF_EVEN);
  private static final BigDecimal NEGLIGIBLE = BigDecimal.ONE.movePointLeft(DIGITS + 50);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private SlowReals() {}

  static BigDecimal of(Rational value) {
    return new BigDecimal(value.numerator()).divide(new BigDecimal(value.denominator()), CONTEXT);
  }

  static Rational rational(BigDecimal value) {
    return value.scale() > 0
        ? new Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
        : Rational.of(value.toBigIntegerExact());
  }

  static BigDecimal sqrt(BigDecimal x) {
    return x.sqrt(CONTEXT);
  }

  /** {@code exp(x) = exp(x/2^k)^(2^k)}, with k such that the series is short. */
  static BigDecimal exp(BigDecimal x) {
    BigDecimal reduced = x;
    int halvings = 0;
    while (reduced.abs().compareTo(BigDecimal.ONE) > 0) {
      reduced = reduced.divide(TWO, CONTEXT);
      halvings++;
    }
    BigDecimal result = powerSeries(reduced, BigDecimal.ONE, 1, 1, false);
    for (int i = 0; i < halvings; i++) {
      result = result.multiply(result, CONTEXT);
    }
    return result;
  }

  /** {@code ln x = 2^(k+1) · artanh((w-1)/(w+1))} with w the k-th iterated root of x. */
  static BigDecimal ln(BigDecimal x) {
    BigDecimal reduced = x;
    int roots = 0;
    while (reduced.subtract(BigDecimal.ONE).abs().compareTo(new BigDecimal("0.5")) > 0) {
      reduced = reduced.sqrt(CONTEXT);
      roots++;
    }
    BigDecimal z = reduced.subtract(BigDecimal.ONE).divide(reduced.add(BigDecimal.ONE), CONTEXT);
    return oddSeries(z, false).multiply(TWO.pow(roots + 1), CONTEXT);
  }

  static BigDecimal sin(BigDecimal x) {
    return powerSeries(x, x, 2, 2, true);
  }

  static BigDecimal cos(BigDecimal x) {
    return powerSeries(x, BigDecimal.ONE, 1, 2, true);
  }

  static BigDecimal arctan(BigDecimal x) {
    BigDecimal reduced = x;
    int halvings = 0;
    while (reduced.abs().compareTo(new BigDecimal("0.1")) > 0) {
      BigDecimal root = BigDecimal.ONE.add(reduced.multiply(reduced)).sqrt(CONTEXT);
      reduced = reduced.divide(BigDecimal.ONE.add(root), CONTEXT);
      halvings++;
    }
    return oddSeries(reduced, true).multiply(TWO.pow(halvings), CONTEXT);
  }

  private static BigDecimal powerSeries(
      BigDecimal x, BigDecimal first, int next, int step, boolean alternating) {
    BigDecimal ratio = step == 1 ? x : x.multiply(x, CONTEXT);
    BigDecimal term = first;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = next; term.abs().compareTo(NEGLIGIBLE) > 0; k += step) {
      sum = sum.add(term);
      BigDecimal divisor = BigDecimal.valueOf(step == 1 ? k : (long) k * (k + 1));
      term = term.multiply(ratio).divide(divisor, CONTEXT);
      term = alternating ? term.negate() : term;
    }
    return sum;
  }

  private static BigDecimal oddSeries(BigDecimal x, boolean alternating) {
    BigDecimal square = x.multiply(x, CONTEXT);
    BigDecimal power = x;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 1; power.abs().compareTo(NEGLIGIBLE) > 0; k += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(k), CONTEXT));
      power = power.multiply(square, CONTEXT);
      power = alternating ? power.negate() : power;
    }
    return sum;
  }
}
