package dev.drpo.service.callers;

import java.time.Duration;

/**
 * A token bucket: it holds what comes in one second, at least one, and starts full. Not safe for
 * use by several threads.
 */
final class Bucket {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final double capacity;
  private double held;
  private long lookedAt;

  /**
   * A full one.
   *
   * @param now on a clock that never jumps, in nanoseconds
   */
  Bucket(double perSecond, long now) {
    this.perSecond = perSecond;
    this.capacity = Math.max(1, perSecond);
    this.held = capacity;
    this.lookedAt = now;
  }

  /**
   * Takes one and returns zero; or takes none, and returns how long it takes until there is one.
   */
  Duration take(long now) {
    held = Math.min(capacity, held + (now - lookedAt) / NANOS_PER_SECOND * perSecond);
    lookedAt = now;
    if (held >= 1) {
      held -= 1;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - held) / perSecond * NANOS_PER_SECOND));
  }
}
