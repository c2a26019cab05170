package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;

/**
 * Points at which functions are compared. They avoid the numbers that problems are made of: each
 * coordinate is an odd multiple of {@code 2^-16}.
 */
final class Sampling {
  private static final int UNIT_BITS = 16;
  private static final int MODERATE = 12;
  private static final int COUNT = 24;
  private static final int NATURAL_COUNT = 8;
  private static final BigInteger UNIT = BigInteger.ONE.shiftLeft(UNIT_BITS);

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
  List<Point> reals() {
    List<Point> points = new ArrayList<>(COUNT);
    for (int i = 0; i < COUNT; i++) {
      points.add(real(i));
    }
    return points;
  }

  private Point real(int index) {
    Map<String, Rational> coordinates = new HashMap<>();
    // Every combination of signs comes before the first is repeated, where symbols are few.
    int signs = (index & 1) == 0 ? 0 : 1 + (index >> 1) % ((1 << Math.min(symbols.size(), 3)) - 1);
    int place = 0;
    for (String symbol : symbols) {
      long magnitude = magnitude(index);
      boolean negative = (signs >> place++ % 3 & 1) == 1;
      coordinates.put(
          symbol, new Rational(BigInteger.valueOf(negative ? -magnitude : magnitude), UNIT));
    }
    return new Point(coordinates);
  }

  /** Below one for inverse sines, beyond one for iterated logarithms, far out for the rest. */
  private long magnitude(int index) {
    int kind = index < MODERATE ? index / 2 % 3 : 3;
    return 1
        | switch (kind) {
          case 0 -> random.nextLong(1L << UNIT_BITS - 2, 1L << UNIT_BITS);
          case 1 -> random.nextLong(1L << UNIT_BITS, 3L << UNIT_BITS);
          case 2 -> random.nextLong(1L << UNIT_BITS - 2, 3L << UNIT_BITS);
          default -> random.nextLong(3L << UNIT_BITS, 3L << UNIT_BITS + 1 + index / 4);
        };
  }

  /** Natural numbers, for functions that are defined on no others. */
  List<Point> naturals() {
    List<Point> points = new ArrayList<>(NATURAL_COUNT);
    for (int i = 0; i < NATURAL_COUNT; i++) {
      Map<String, Rational> coordinates = new HashMap<>();
      for (String symbol : symbols) {
        coordinates.put(symbol, Rational.of(random.nextLong(2L, 6L + 4 * i)));
      }
      points.add(new Point(coordinates));
    }
    return points;
  }
}
