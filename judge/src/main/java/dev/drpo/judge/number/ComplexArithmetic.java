package dev.drpo.judge.number;

/** The field operations on rectangles of complex numbers, cheap where both are real. */
public final class ComplexArithmetic {
  private final BallArithmetic reals;

  public ComplexArithmetic(BallArithmetic reals) {
    this.reals = reals;
  }

  /** The arithmetic of the parts. */
  public BallArithmetic reals() {
    return reals;
  }

  public ComplexBall plus(ComplexBall left, ComplexBall right) {
    return new ComplexBall(
        reals.plus(left.real(), right.real()), reals.plus(left.imaginary(), right.imaginary()));
  }

  public ComplexBall minus(ComplexBall left, ComplexBall right) {
    return plus(left, right.negate());
  }

  public ComplexBall times(ComplexBall left, ComplexBall right) {
    if (left.isReal()) {
      return scaled(right, left.real());
    }
    if (right.isReal()) {
      return scaled(left, right.real());
    }
    return new ComplexBall(
        reals.minus(
            reals.times(left.real(), right.real()),
            reals.times(left.imaginary(), right.imaginary())),
        reals.plus(
            reals.times(left.real(), right.imaginary()),
            reals.times(left.imaginary(), right.real())));
  }

  ComplexBall scaled(ComplexBall number, Ball factor) {
    return new ComplexBall(
        reals.times(number.real(), factor), reals.times(number.imaginary(), factor));
  }

  /**
   * The quotient.
   *
   * @throws NoValue if zero is a member of the divisor
   */
  public ComplexBall dividedBy(ComplexBall dividend, ComplexBall divisor) {
    if (!divisor.isReal()) {
      return dividedBy(
          times(dividend, divisor.conjugate()), ComplexBall.real(squaredModulus(divisor)));
    }
    return new ComplexBall(
        reals.dividedBy(dividend.real(), divisor.real()),
        dividend.isReal() ? Ball.ZERO : reals.dividedBy(dividend.imaginary(), divisor.real()));
  }

  Ball squaredModulus(ComplexBall number) {
    return reals.plus(
        reals.times(number.real(), number.real()),
        reals.times(number.imaginary(), number.imaginary()));
  }

  /** The distance from zero. */
  public Ball modulus(ComplexBall number) {
    if (number.isReal()) {
      return reals.abs(number.real());
    }
    return number.real().isZero()
        ? reals.abs(number.imaginary())
        : reals.root(squaredModulus(number), 2);
  }

  /** Repeated squaring; {@code exponent} isn't negative. */
  public ComplexBall power(ComplexBall base, long exponent) {
    if (base.isReal()) {
      return ComplexBall.real(reals.power(base.real(), exponent));
    }
    ComplexBall result = ComplexBall.ONE;
    ComplexBall square = base;
    for (long rest = exponent; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        result = times(result, square);
      }
      if (rest != 1) {
        square = times(square, square);
      }
    }
    return result;
  }
}
