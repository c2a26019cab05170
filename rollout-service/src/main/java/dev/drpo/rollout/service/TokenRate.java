package dev.drpo.rollout.service;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A rate between readings of a count; readings that are close together share one window. */
final class TokenRate {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LongSupplier nanoTime;
  private long windowStart;
  private long tokensAtStart;
  private double rate;

  TokenRate(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  synchronized double perSecond(long tokens) {
    long now = nanoTime.getAsLong();
    long elapsed = now - windowStart;
    if (elapsed >= WINDOW_NANOS) {
      rate = (tokens - tokensAtStart) * 1e9 / elapsed;
      windowStart = now;
      tokensAtStart = tokens;
    }
    return rate;
  }
}
