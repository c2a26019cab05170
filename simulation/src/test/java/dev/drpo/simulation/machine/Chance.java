package dev.drpo.simulation.machine;

import java.time.Duration;
import java.util.SplittableRandom;

/** Everything that is left to chance in a schedule: a function of its seed. */
public final class Chance {
  private final SplittableRandom random;

  /** Starts a sequence. */
  public Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Whether something happens that does so with a probability. */
  public boolean odds(double probability) {
    return random.nextDouble() < probability;
  }

  /** A number from 0 to {@code bound - 1}. */
  public int below(int bound) {
    return bound == 1 ? 0 : random.nextInt(bound);
  }

  /** A time between two, both in milliseconds. */
  public Duration millis(int least, int most) {
    return Duration.ofNanos(random.nextLong(least * 1_000_000L, most * 1_000_000L + 1));
  }

  /** A seed for a sequence of its own. */
  public long seed() {
    return random.nextLong();
  }
}
