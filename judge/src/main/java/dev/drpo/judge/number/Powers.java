package dev.drpo.judge.number;

import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import java.math.BigInteger;

/**
 * Powers at their principal values {@code exp(y ln x)}, except that a negative real number to a
 * rational exponent with an odd denominator is real.
 */
public final class Powers {
  private static final int MAX_EXPONENT_BITS = 4096;

  private final ComplexArithmetic arithmetic;
  private final ComplexFunctions functions;
  private final BallArithmetic reals;
  private final boolean onlyReals;

  public Powers(ComplexArithmetic arithmetic, ComplexFunctions functions, boolean onlyReals) {
    this.arithmetic = arithmetic;
    this.functions = functions;
    this.reals = arithmetic.reals();
    this.onlyReals = onlyReals;
  }

  public ComplexBall power(ComplexBall base, Rational exponent) {
    if (exponent.isZero() && countsAsZero(base)) {
      throw NoValue.undefined();
    }
    if (exponent.numerator().signum() < 0) {
      return arithmetic.dividedBy(ComplexBall.ONE, power(base, exponent.negate()));
    }
    if (exponent.denominator().equals(BigInteger.ONE)) {
      return integerPower(base, exponent.numerator());
    }
    if (exponent.denominator().bitLength() <= 4
        && exponent.denominator().intValue() <= IntegerRoot.MAX_DEGREE
        && exponent.numerator().bitLength() <= 16) {
      ComplexBall root = root(base, exponent.denominator().intValue());
      return arithmetic.power(root, exponent.numerator().longValue());
    }
    if (!base.isReal()) {
      return principal(base, real(exponent));
    }
    boolean oddDenominator = exponent.denominator().testBit(0);
    if (countsAsZero(base)) {
      return vanishing(base, real(exponent));
    }
    if (base.real().sign() < 0 && oddDenominator) {
      ComplexBall magnitude = principal(base.negate(), real(exponent));
      return exponent.numerator().testBit(0) ? magnitude.negate() : magnitude;
    }
    return principal(base, real(exponent));
  }

  public ComplexBall power(ComplexBall base, ComplexBall exponent) {
    if (countsAsZero(base)) {
      return vanishing(base, exponent);
    }
    return principal(base, exponent);
  }

  /** The {@code degree}-th root, the real one where there is one. */
  private ComplexBall root(ComplexBall base, int degree) {
    if (degree == 2) {
      return functions.squareRoot(base);
    }
    if (!base.isReal()) {
      return principal(base, real(new Rational(BigInteger.ONE, BigInteger.valueOf(degree))));
    }
    if (base.real().sign() >= 0) {
      return ComplexBall.real(reals.root(base.real(), degree));
    }
    Ball magnitude = reals.root(base.real().negate(), degree);
    if (degree % 2 == 1) {
      return ComplexBall.real(magnitude.negate());
    }
    if (onlyReals) {
      throw NoValue.undefined();
    }
    ComplexBall angle =
        new ComplexBall(Ball.ZERO, reals.dividedBy(functions.pi(), Ball.exact(degree)));
    return arithmetic.scaled(functions.exp(angle), magnitude);
  }

  private ComplexBall integerPower(ComplexBall base, BigInteger exponent) {
    if (exponent.bitLength() < Long.SIZE) {
      return arithmetic.power(base, exponent.longValue());
    }
    if (exponent.bitLength() > MAX_EXPONENT_BITS) {
      throw new LimitExceeded(Limit.NUMBER_SIZE);
    }
    if (base.isZero()) {
      return base;
    }
    boolean negative = base.isReal() && base.real().sign() < 0;
    ComplexBall magnitude = negative ? base.negate() : base;
    if (magnitude.equals(ComplexBall.ONE)) {
      return negative && exponent.testBit(0) ? base : ComplexBall.ONE;
    }
    ComplexBall power =
        functions.exp(arithmetic.scaled(functions.ln(magnitude), reals.of(exponent)));
    return negative && exponent.testBit(0) ? power.negate() : power;
  }

  private ComplexBall principal(ComplexBall base, ComplexBall exponent) {
    return functions.exp(arithmetic.times(exponent, functions.ln(base)));
  }

  /** Powers of zero: zero for exponents with a positive real part, otherwise undefined. */
  private ComplexBall vanishing(ComplexBall base, ComplexBall exponent) {
    int sign = exponent.real().sign();
    if (sign <= 0) {
      throw sign < 0 || reals.isNegligible(exponent.real())
          ? NoValue.undefined()
          : NoValue.unsettled();
    }
    if (base.isZero()) {
      return ComplexBall.ZERO;
    }
    Ball bound = reals.magnitude(arithmetic.modulus(base));
    ComplexBall power = principal(ComplexBall.real(bound), ComplexBall.real(exponent.real()));
    return ComplexBall.real(reals.around(power.real()));
  }

  /** Whether the base counts as zero. A base that may or may not be zero is unsettled. */
  private boolean countsAsZero(ComplexBall base) {
    if (!base.containsZero()) {
      return false;
    }
    if (reals.isNegligible(base.real()) && reals.isNegligible(base.imaginary())) {
      return true;
    }
    throw NoValue.unsettled();
  }

  private ComplexBall real(Rational value) {
    return ComplexBall.real(reals.of(value));
  }
}
