package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.number.Rational;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Points at which functions are compared. They avoid the numbers that problems are made of: each
 * coordinate is an odd multiple of {@code 2^-16}.
 */
final class Sampling {
  private static final int UNIT_BITS = 16;
  private static final long ONE = 1L << UNIT_BITS;
  private static final int MODERATE = 12;
  private static final int COUNT = 24;
  private static final int NATURAL_COUNT = 8;

  private final SortedSet<String> symbols;
  private final SplittableRandom random;

  Sampling(SortedSet<String> symbols, SplittableRandom random) {
    this.symbols = symbols;
    this.random = random;
  }

  /**
   * Points of both signs, from moderate to large; every other one has positive coordinates only, as
   * logarithms need.
   */
  Stream<Point> reals() {
    return IntStream.range(0, COUNT).mapToObj(this::real);
  }

  private Point real(int index) {
    Map<String, Rational> coordinates = new HashMap<>();
    for (String symbol : symbols) {
      long magnitude = magnitude(index);
      boolean negative =
          switch (index & 3) {
            case 1 -> true;
            case 3 -> random.nextBoolean();
            default -> false;
          };
      coordinates.put(
          symbol,
          new Rational(
              BigInteger.valueOf(negative ? -magnitude : magnitude), BigInteger.valueOf(ONE)));
    }
    return new Point(coordinates);
  }

  /** Below one for inverse sines, beyond one for iterated logarithms, far out for the rest. */
  private long magnitude(int index) {
    int kind = index < MODERATE ? index / 2 % 3 : 3;
    return 1
        | switch (kind) {
          case 0 -> random.nextLong(ONE / 4, ONE);
          case 1 -> random.nextLong(ONE, 3 * ONE);
          case 2 -> random.nextLong(ONE / 4, 3 * ONE);
          default -> random.nextLong(3 * ONE, (6 * ONE) << (index / 4));
        };
  }

  /** Natural numbers, for functions that are defined on no others. */
  Stream<Point> naturals() {
    return IntStream.range(0, NATURAL_COUNT).mapToObj(this::natural);
  }

  private Point natural(int index) {
    Map<String, Rational> coordinates = new HashMap<>();
    for (String symbol : symbols) {
      coordinates.put(symbol, Rational.of(random.nextLong(2L, 6L + 4L * index)));
    }
    return new Point(coordinates);
  }
}
