package dev.drpo.judge.identity;

import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  private static final int SIGNED_SYMBOLS = 3;
  private static final int INTEGERS = 12;
  private static final int FARTHEST = 40;
  private static final int PARITIES = 1 << 3;
  private static final int NATURAL_COUNT = PARITIES + 6;

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
    // Every combination of signs comes before the first is repeated, where symbols are few.
    int patterns = (1 << Math.min(symbols.size(), SIGNED_SYMBOLS)) - 1;
    int signs = (index & 1) == 0 ? 0 : 1 + (index >> 1) % patterns;
    int place = 0;
    for (String symbol : symbols) {
      boolean negative = (signs >> (place++ % SIGNED_SYMBOLS) & 1) == 1;
      coordinates.put(symbol, coordinate(magnitude(index), negative));
    }
    return new Point(coordinates);
  }

  private static Rational coordinate(long magnitude, boolean negative) {
    return new Rational(
        BigInteger.valueOf(negative ? -magnitude : magnitude), BigInteger.valueOf(ONE));
  }

  /**
   * Points all over the line: one between every two neighbours of the small integers, and others
   * ever nearer to zero and farther out. Functions with branches may agree up to a root of
   * something inside them, which problems put at small numbers.
   */
  Stream<Point> breadth() {
    List<Rational> line = new ArrayList<>();
    for (int i = 0; i < INTEGERS; i++) {
      line.add(coordinate(i * ONE + (random.nextLong(ONE) | 1), false));
      line.add(coordinate(i * ONE + (random.nextLong(ONE) | 1), true));
    }
    for (int scale = 2; scale <= FARTHEST; scale += 2) {
      line.add(coordinate((random.nextLong(ONE, 4 * ONE) << scale) | 1, scale % 4 == 0));
      line.add(coordinate((random.nextLong(ONE, 4 * ONE) << scale) | 1, scale % 4 != 0));
    }
    for (int scale = 2; scale < UNIT_BITS; scale += 4) {
      line.add(coordinate((ONE >> scale) | 1, false));
      line.add(coordinate((ONE >> scale) | 1, true));
    }
    return IntStream.range(0, line.size()).mapToObj(i -> across(line, i));
  }

  /** A point whose first coordinate is the one asked for, and whose others are any. */
  private Point across(List<Rational> line, int first) {
    Map<String, Rational> coordinates = new HashMap<>();
    for (String symbol : symbols) {
      boolean chosen = coordinates.isEmpty();
      coordinates.put(symbol, line.get(chosen ? first : random.nextInt(line.size())));
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

  /** Small ones in every combination of even and odd, then larger ones, where binomials begin. */
  private Point natural(int index) {
    Map<String, Rational> coordinates = new HashMap<>();
    long greatest = index < PARITIES ? 7 : 100;
    int place = 0;
    for (String symbol : symbols) {
      long parity = index >> (place++ % SIGNED_SYMBOLS) & 1;
      coordinates.put(symbol, Rational.of(2 * random.nextLong(1, greatest) + parity));
    }
    return new Point(coordinates);
  }
}
