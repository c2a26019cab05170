package dev.drpo.judge.number;

import java.math.BigInteger;

/**
 * Arithmetic modulo an odd prime below 2^62. Residues are kept in Montgomery's form, as {@code a ·
 * 2^64 mod p}, so that a product needs no division.
 */
public final class PrimeField {
  private static final BigInteger RADIX = BigInteger.ONE.shiftLeft(Long.SIZE);

  private final long modulus;
  private final BigInteger bigModulus;
  private final long inverseOfModulus; // modulo 2^64
  private final long one;
  private final long radixSquared;

  /**
   * @param modulus odd and below 2^62; a prime, unless only sums and products are needed
   */
  public PrimeField(long modulus) {
    this.modulus = modulus;
    this.bigModulus = BigInteger.valueOf(modulus);
    long inverse = modulus;
    for (int correctBits = 3; correctBits < Long.SIZE; correctBits *= 2) {
      inverse *= 2 - modulus * inverse;
    }
    this.inverseOfModulus = inverse;
    this.one = Long.remainderUnsigned(-modulus, modulus);
    this.radixSquared = RADIX.multiply(RADIX).mod(bigModulus).longValue();
  }

  public long modulus() {
    return modulus;
  }

  public long one() {
    return one;
  }

  /** The residue of a number from 0 to the modulus, which is excluded. */
  public long of(long value) {
    return times(value, radixSquared);
  }

  public long of(BigInteger integer) {
    return of(integer.mod(bigModulus).longValue());
  }

  public long plus(long left, long right) {
    long sum = left + right - modulus;
    return sum < 0 ? sum + modulus : sum;
  }

  public long minus(long left, long right) {
    long difference = left - right;
    return difference < 0 ? difference + modulus : difference;
  }

  public long times(long left, long right) {
    long low = left * right;
    long high = Math.multiplyHigh(left, right);
    long reduced = high - Math.unsignedMultiplyHigh(low * inverseOfModulus, modulus);
    return reduced < 0 ? reduced + modulus : reduced;
  }

  /**
   * The power by repeated squaring.
   *
   * @param exponent not negative
   */
  public long power(long base, long exponent) {
    long result = one;
    long square = base;
    for (long rest = exponent; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        result = times(result, square);
      }
      square = times(square, square);
    }
    return result;
  }

  /** The inverse of a residue other than zero. */
  public long inverse(long residue) {
    return power(residue, modulus - 2);
  }
}
