package dev.drpo.reward.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A point on the monotonic clock.
 *
 * @param nanos as {@link System#nanoTime} counts
 */
record Deadline(long nanos) {
  private static final int MOST_DIGITS = 8;

  /** Longer than any call; keeps the arithmetic on nanoseconds from overflowing. */
  private static final Duration LONGEST = Duration.ofDays(365);

  static Deadline after(Duration timeout) {
    Duration bounded = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    return new Deadline(System.nanoTime() + bounded.toNanos());
  }

  /**
   * Reads a {@code grpc-timeout} header: up to eight digits and a unit, one of H, M, S, m, u, n.
   * Empty if there is none or it is malformed, which is no reason to fail a call.
   */
  static Optional<Deadline> ofHeader(String timeout) {
    if (timeout == null || timeout.length() < 2 || timeout.length() > MOST_DIGITS + 1) {
      return Optional.empty();
    }
    String digits = timeout.substring(0, timeout.length() - 1);
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return unit(timeout.charAt(timeout.length() - 1))
        .map(unit -> after(Duration.of(Long.parseLong(digits), unit.toChronoUnit())));
  }

  private static Optional<TimeUnit> unit(char letter) {
    return Optional.ofNullable(
        switch (letter) {
          case 'H' -> TimeUnit.HOURS;
          case 'M' -> TimeUnit.MINUTES;
          case 'S' -> TimeUnit.SECONDS;
          case 'm' -> TimeUnit.MILLISECONDS;
          case 'u' -> TimeUnit.MICROSECONDS;
          case 'n' -> TimeUnit.NANOSECONDS;
          default -> null;
        });
  }

  boolean isOver() {
    return System.nanoTime() - nanos >= 0;
  }
}
