package dev.drpo.cli.process;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells a service that gets on with its start from one that stands still, however slow the machine
 * is. One that answers gets on when its answer changes; one that does not answer yet, when it has
 * used some of the processor. One that answers and only uses the processor may be trying the same
 * in vain for ever.
 */
final class StartWatch {
  /** More than a process that hangs uses for itself in minutes. */
  private static final Duration SOME = Duration.ofSeconds(1);

  private final Duration patience;
  private final LongSupplier nanoTime;
  private String reason = "";
  private Duration used = Duration.ZERO;
  private long movedAt;

  /**
   * Begins to watch.
   *
   * @param patience longest standstill
   * @param nanoTime a clock that never jumps, in nanoseconds
   */
  StartWatch(Duration patience, LongSupplier nanoTime) {
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.movedAt = nanoTime.getAsLong();
  }

  /**
   * Takes in what a probe has found.
   *
   * @param processorTime that the process has used since it started
   * @return whether it has stood still for too long
   */
  boolean standsStill(Readiness.State.Waiting found, Duration processorTime) {
    boolean works = found.silent() && processorTime.minus(used).compareTo(SOME) >= 0;
    // The first answer is no change of it.
    boolean answersOtherwise = !reason.isEmpty() && !reason.equals(found.reason());
    if (works || answersOtherwise || processorTime.compareTo(used) < 0) {
      used = processorTime;
      movedAt = nanoTime.getAsLong();
    }
    reason = found.reason();
    return nanoTime.getAsLong() - movedAt > patience.toNanos();
  }
}
