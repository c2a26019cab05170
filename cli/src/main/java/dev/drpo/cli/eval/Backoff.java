package dev.drpo.cli.eval;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a client waits before it asks again: twice as long each time, and by chance up to half
 * as long again, so that many clients do not come back at once.
 *
 * @param attempts how often it asks in all
 * @param first wait
 * @param longest wait, unless the server asks for more
 */
record Backoff(int attempts, Duration first, Duration longest) {
  static final Backoff DEFAULT = new Backoff(8, Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** What a server may ask for. */
  private static final Duration MOST_ASKED = Duration.ofMinutes(5);

  /**
   * Before the next attempt.
   *
   * @param failed attempts that have failed, at least 1
   * @param asked what the server asks for
   */
  Duration before(int failed, Duration asked) {
    long nanos =
        Math.min(longest.toNanos(), first.toNanos() << Math.min(failed - 1, Byte.SIZE * 2));
    Duration wait = Duration.ofNanos(nanos + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
    Duration wanted = asked.compareTo(MOST_ASKED) > 0 ? MOST_ASKED : asked;
    return wait.compareTo(wanted) > 0 ? wait : wanted;
  }
}
