package dev.drpo.judge.number;

import dev.drpo.judge.number.Trigonometry.SineAndCosine;

/**
 * The elementary functions at their principal values. Over the reals, a value that isn't real is
 * undefined.
 */
public final class ComplexFunctions {
  private final ComplexArithmetic arithmetic;
  private final BallArithmetic reals;
  private final boolean onlyReals;
  private final Constants constants;
  private final Exponentials exponentials;
  private final Trigonometry trigonometry;

  /**
   * @param onlyReals whether the square root of -1 and its like are undefined
   */
  public ComplexFunctions(ComplexArithmetic arithmetic, boolean onlyReals) {
    this.arithmetic = arithmetic;
    this.reals = arithmetic.reals();
    this.onlyReals = onlyReals;
    this.constants = new Constants(reals);
    this.exponentials = new Exponentials(reals, constants);
    this.trigonometry = new Trigonometry(reals, constants);
  }

  public Ball pi() {
    return constants.pi();
  }

  public ComplexBall exp(ComplexBall z) {
    Ball modulus = exponentials.exp(z.real());
    if (z.isReal()) {
      return ComplexBall.real(modulus);
    }
    SineAndCosine angle = trigonometry.sineAndCosine(z.imaginary());
    return arithmetic.scaled(new ComplexBall(angle.cosine(), angle.sine()), modulus);
  }

  public ComplexBall ln(ComplexBall z) {
    if (z.isReal() && sign(z.real()) > 0) {
      return ComplexBall.real(exponentials.ln(z.real()));
    }
    if (isZero(z)) {
      throw NoValue.undefined();
    }
    requireComplex();
    Ball modulus =
        z.isReal()
            ? exponentials.ln(reals.abs(z.real()))
            : exponentials.ln(arithmetic.squaredModulus(z)).shift(-1);
    return new ComplexBall(modulus, angle(z));
  }

  /** The angle from -π, which is excluded, to π. */
  private Ball angle(ComplexBall z) {
    int realSign = z.real().sign();
    int imaginarySign = z.imaginary().sign();
    if (realSign > 0) {
      return trigonometry.arctangent(reals.dividedBy(z.imaginary(), z.real()));
    }
    if (imaginarySign != 0) {
      Ball quarter = constants.pi().shift(-1);
      Ball beyond = trigonometry.arctangent(reals.dividedBy(z.real(), z.imaginary()));
      return reals.minus(imaginarySign > 0 ? quarter : quarter.negate(), beyond);
    }
    if (realSign < 0 && reals.isNegligible(z.imaginary())) {
      return constants.pi();
    }
    throw NoValue.unsettled();
  }

  /** The sign of a real number; 0 for one that counts as zero. */
  private int sign(Ball real) {
    int sign = real.sign();
    if (sign == 0 && !reals.isNegligible(real)) {
      throw NoValue.unsettled();
    }
    return sign;
  }

  private boolean isZero(ComplexBall z) {
    if (!z.containsZero()) {
      return false;
    }
    if (reals.isNegligible(z.real()) && reals.isNegligible(z.imaginary())) {
      return true;
    }
    throw NoValue.unsettled();
  }

  private void requireComplex() {
    if (onlyReals) {
      throw NoValue.undefined();
    }
  }

  public ComplexBall squareRoot(ComplexBall z) {
    boolean negative = reals.isNegligible(z.imaginary()) && z.real().sign() < 0;
    if (z.isReal() || negative) {
      if (sign(z.real()) >= 0) {
        return ComplexBall.real(reals.root(z.real(), 2));
      }
      requireComplex();
      return new ComplexBall(Ball.ZERO, reals.root(z.real().negate(), 2));
    }
    if (isZero(z)) {
      return ComplexBall.real(reals.root(z.real(), 2));
    }
    // √z = √|z| · exp(i·angle/2), without its angle: the larger part first, the other from z/2.
    Ball modulus = arithmetic.modulus(z);
    if (z.real().sign() > 0) {
      Ball real = reals.root(reals.plus(modulus, z.real()).shift(-1), 2);
      return new ComplexBall(real, reals.dividedBy(z.imaginary(), real).shift(-1));
    }
    int imaginarySign = sign(z.imaginary());
    Ball imaginary = reals.root(reals.minus(modulus, z.real()).shift(-1), 2);
    Ball signed = imaginarySign < 0 ? imaginary.negate() : imaginary;
    return new ComplexBall(reals.dividedBy(z.imaginary(), signed).shift(-1), signed);
  }

  public ComplexBall sine(ComplexBall z) {
    if (z.isReal()) {
      return ComplexBall.real(trigonometry.sineAndCosine(z.real()).sine());
    }
    ComplexBall turn = exp(z.turned());
    ComplexBall back = exp(z.turned().negate());
    // (e^{iz} - e^{-iz}) / 2i
    return halved(arithmetic.minus(turn, back)).turned().negate();
  }

  public ComplexBall cosine(ComplexBall z) {
    if (z.isReal()) {
      return ComplexBall.real(trigonometry.sineAndCosine(z.real()).cosine());
    }
    return halved(arithmetic.plus(exp(z.turned()), exp(z.turned().negate())));
  }

  public ComplexBall tangent(ComplexBall z) {
    if (!z.isReal()) {
      return arithmetic.dividedBy(sine(z), cosine(z));
    }
    SineAndCosine both = trigonometry.sineAndCosine(z.real());
    return ComplexBall.real(reals.dividedBy(both.sine(), both.cosine()));
  }

  public ComplexBall hyperbolicSine(ComplexBall z) {
    return halved(arithmetic.minus(exp(z), exp(z.negate())));
  }

  public ComplexBall hyperbolicCosine(ComplexBall z) {
    return halved(arithmetic.plus(exp(z), exp(z.negate())));
  }

  public ComplexBall arctangent(ComplexBall z) {
    if (z.isReal()) {
      return ComplexBall.real(trigonometry.arctangent(z.real()));
    }
    // i/2 · (ln(1 - iz) - ln(1 + iz))
    ComplexBall turned = z.turned();
    ComplexBall difference =
        arithmetic.minus(
            ln(arithmetic.minus(ComplexBall.ONE, turned)),
            ln(arithmetic.plus(ComplexBall.ONE, turned)));
    return halved(difference.turned());
  }

  public ComplexBall arcsine(ComplexBall z) {
    ComplexBall rest = arithmetic.minus(ComplexBall.ONE, arithmetic.times(z, z));
    if (z.isReal() && sign(rest.real()) >= 0) {
      // 2 arctan(x / (1 + √(1 - x²))) has no pole at ±1.
      Ball denominator = reals.plus(Ball.ONE, reals.root(rest.real(), 2));
      Ball half = trigonometry.arctangent(reals.dividedBy(z.real(), denominator));
      return ComplexBall.real(half.shift(1));
    }
    requireComplex();
    // -i · ln(iz + √(1 - z²))
    return ln(arithmetic.plus(z.turned(), squareRoot(rest))).turned().negate();
  }

  public ComplexBall arccosine(ComplexBall z) {
    return arithmetic.minus(ComplexBall.real(pi().shift(-1)), arcsine(z));
  }

  private static ComplexBall halved(ComplexBall z) {
    return new ComplexBall(z.real().shift(-1), z.imaginary().shift(-1));
  }
}
