package dev.drpo.judge.number;

/**
 * A rectangle of complex numbers. A number is known to be real when its imaginary part is exactly
 * zero, which operations on real numbers preserve.
 */
public record ComplexBall(Ball real, Ball imaginary) {
  public static final ComplexBall ZERO = real(Ball.ZERO);
  public static final ComplexBall ONE = real(Ball.ONE);
  public static final ComplexBall I = new ComplexBall(Ball.ZERO, Ball.ONE);

  public static ComplexBall real(Ball value) {
    return new ComplexBall(value, Ball.ZERO);
  }

  public boolean isReal() {
    return imaginary.isZero();
  }

  public boolean isZero() {
    return real.isZero() && imaginary.isZero();
  }

  public boolean containsZero() {
    return real.containsZero() && imaginary.containsZero();
  }

  public ComplexBall negate() {
    return new ComplexBall(real.negate(), imaginary.negate());
  }

  ComplexBall conjugate() {
    return new ComplexBall(real, imaginary.negate());
  }

  /** The product with i. */
  ComplexBall turned() {
    return new ComplexBall(imaginary.negate(), real);
  }

  /** The least n such that both parts are known to be below {@code 2^n}; very small for zero. */
  public int top() {
    int realTop = real.isZero() ? Integer.MIN_VALUE / 2 : real.top();
    return imaginary.isZero() ? realTop : Math.max(realTop, imaginary.top());
  }
}
