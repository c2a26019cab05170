package dev.drpo.judge.number;

import java.util.SplittableRandom;

/**
 * Draws primes of 62 bits that are 3 modulo 4. There are some 10^16 of them, so that nobody can
 * write a number that all likely primes divide, as he could for a fixed list.
 */
public final class Primes {
  private static final long LEAST = 1L << 61;
  private static final long[] SMALL = {3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};

  /** Enough for every number below 2^64 (Jim Sinclair, 2011). */
  private static final long[] WITNESSES = {2, 325, 9375, 28178, 450775, 9780504, 1795265022};

  private Primes() {}

  /** The first such prime from a random number on. */
  public static long draw(SplittableRandom random) {
    long candidate = random.nextLong(LEAST, LEAST + (LEAST >> 1)) | 3;
    while (!isPrime(candidate)) {
      candidate += 4;
    }
    return candidate;
  }

  /** Whether an odd number from 2^32 to 2^62 is a prime. */
  static boolean isPrime(long candidate) {
    for (long divisor : SMALL) {
      if (candidate % divisor == 0) {
        return false;
      }
    }
    PrimeField ring = new PrimeField(candidate);
    for (long witness : WITNESSES) {
      if (!isStrongProbablePrime(ring, witness)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isStrongProbablePrime(PrimeField ring, long witness) {
    long minusOne = ring.minus(0, ring.one());
    int twos = Long.numberOfTrailingZeros(ring.modulus() - 1);
    long power = ring.power(ring.of(witness), (ring.modulus() - 1) >> twos);
    if (power == ring.one() || power == minusOne) {
      return true;
    }
    for (int i = 1; i < twos; i++) {
      power = ring.times(power, power);
      if (power == minusOne) {
        return true;
      }
    }
    return false;
  }
}
