package dev.drpo.rollout.work;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How long a replica had nothing to sample. Safe for use by many threads. */
final class IdleTime {
  private final LongSupplier nanoTime;
  private int running;
  private long idleSince;
  private long nanos;
  private long told;

  /**
   * Idle from now on.
   *
   * @param nanoTime a clock that never jumps, in nanoseconds
   */
  IdleTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.idleSince = nanoTime.getAsLong();
  }

  /** Sampling of a group has begun. */
  synchronized void began() {
    if (running++ == 0) {
      nanos += nanoTime.getAsLong() - idleSince;
    }
  }

  /** Sampling of a group that had begun has ended, however. */
  synchronized void ended() {
    if (--running == 0) {
      idleSince = nanoTime.getAsLong();
    }
  }

  /** All of it so far, seconds. */
  synchronized double seconds() {
    return total() / 1e9;
  }

  /** What has come up since the last call, milliseconds. */
  synchronized long takeMillis() {
    long millis = TimeUnit.NANOSECONDS.toMillis(total() - told);
    told += TimeUnit.MILLISECONDS.toNanos(millis);
    return millis;
  }

  private long total() {
    return nanos + (running == 0 ? nanoTime.getAsLong() - idleSince : 0);
  }
}
