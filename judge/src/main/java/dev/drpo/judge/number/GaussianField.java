package dev.drpo.judge.number;

import java.math.BigInteger;
import java.util.Optional;

/** The field of {@code a + bi} modulo a prime that is 3 modulo 4, where -1 has no square root. */
public final class GaussianField {
  private final PrimeField field;
  private final BigInteger realOrder;
  private final BigInteger complexOrder;

  /** A residue, its parts in Montgomery's form. */
  public record Residue(long real, long imaginary) {
    public static final Residue ZERO = new Residue(0, 0);

    public boolean isZero() {
      return real == 0 && imaginary == 0;
    }
  }

  public GaussianField(PrimeField field) {
    this.field = field;
    BigInteger modulus = BigInteger.valueOf(field.modulus());
    this.realOrder = modulus.subtract(BigInteger.ONE);
    this.complexOrder = modulus.multiply(modulus).subtract(BigInteger.ONE);
  }

  public Residue one() {
    return new Residue(field.one(), 0);
  }

  public Residue i() {
    return new Residue(0, field.one());
  }

  public Residue of(BigInteger integer) {
    return new Residue(field.of(integer), 0);
  }

  /** A residue from a number from 0 to the modulus, which is excluded. */
  public Residue of(long value) {
    return new Residue(field.of(value), 0);
  }

  /** Empty if the modulus divides the denominator. */
  public Optional<Residue> of(Rational value) {
    Residue numerator = of(value.numerator());
    return value.denominator().equals(BigInteger.ONE)
        ? Optional.of(numerator)
        : inverse(of(value.denominator())).map(inverse -> times(numerator, inverse));
  }

  public Residue negate(Residue residue) {
    return new Residue(field.minus(0, residue.real()), field.minus(0, residue.imaginary()));
  }

  public Residue plus(Residue left, Residue right) {
    return new Residue(
        field.plus(left.real(), right.real()), field.plus(left.imaginary(), right.imaginary()));
  }

  public Residue times(Residue left, Residue right) {
    if ((left.imaginary() | right.imaginary()) == 0) {
      return new Residue(field.times(left.real(), right.real()), 0);
    }
    return new Residue(
        field.minus(
            field.times(left.real(), right.real()),
            field.times(left.imaginary(), right.imaginary())),
        field.plus(
            field.times(left.real(), right.imaginary()),
            field.times(left.imaginary(), right.real())));
  }

  /** Empty for zero. */
  public Optional<Residue> inverse(Residue residue) {
    if (residue.isZero()) {
      return Optional.empty();
    }
    long norm =
        field.plus(
            field.times(residue.real(), residue.real()),
            field.times(residue.imaginary(), residue.imaginary()));
    long inverse = field.inverse(norm);
    return Optional.of(
        new Residue(
            field.times(residue.real(), inverse),
            field.times(field.minus(0, residue.imaginary()), inverse)));
  }

  /**
   * The power, where that of zero to zero is one.
   *
   * @param exponent not negative; it is reduced by the order of the group, so that it may be long
   */
  public Residue power(Residue base, BigInteger exponent) {
    if (base.isZero()) {
      return exponent.signum() == 0 ? one() : base;
    }
    if (base.imaginary() == 0) {
      return new Residue(field.power(base.real(), exponent.mod(realOrder).longValue()), 0);
    }
    BigInteger reduced = exponent.mod(complexOrder);
    Residue result = one();
    for (int bit = reduced.bitLength() - 1; bit >= 0; bit--) {
      result = times(result, result);
      if (reduced.testBit(bit)) {
        result = times(result, base);
      }
    }
    return result;
  }

  /** The product of {@code count} integers from {@code first} on. */
  public Residue risingProduct(BigInteger first, int count) {
    long product = field.one();
    long factor = field.of(first);
    for (int i = 0; i < count; i++) {
      product = field.times(product, factor);
      factor = field.plus(factor, field.one());
    }
    return new Residue(product, 0);
  }
}
