package dev.drpo.simulation.machine;

import dev.drpo.runtime.process.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A process: threads that live and die together. One that dies does so between two steps of its
 * threads, none of which ever runs again, not even to clean up.
 */
public final class Host {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final String name;
  private final Scheduler scheduler;
  private final BiConsumer<String, Throwable> failures;
  private final List<Runnable> held = new ArrayList<>();
  private final List<Runnable> atDeath = new ArrayList<>();
  private final Threads threads;
  private final Set<Thread> alive = new LinkedHashSet<>();
  private Duration clockOffset = Duration.ZERO;
  private boolean dead;
  private boolean frozen;

  /**
   * Begins without threads.
   *
   * @param failures told of a thread, by name, that an exception ends
   */
  public Host(String name, Scheduler scheduler, BiConsumer<String, Throwable> failures) {
    this.name = name;
    this.scheduler = scheduler;
    this.failures = failures;
    this.threads = new HostThreads(this, scheduler);
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** Its threads, and the time by which they wait. */
  public Threads threads() {
    return threads;
  }

  /** Its clock, which may jump. */
  public InstantSource clock() {
    return () -> START.plusNanos(scheduler.now()).plus(clockOffset);
  }

  /** Puts the clock forward, or back. */
  public void jumpClock(Duration by) {
    clockOffset = clockOffset.plus(by);
  }

  /** Starts a thread. */
  public void start(String thread, Runnable work) {
    threads.unstarted(thread, work).start();
  }

  /** Whether a step may be run now; it is kept for later if the host stands still. */
  boolean mayRun(ThreadSteps thread, Runnable step) {
    if (frozen && !dead) {
      held.add(() -> scheduler.ready(thread, step));
    }
    return !dead && !frozen;
  }

  void began(Thread thread) {
    alive.add(thread);
  }

  void ended(Thread thread) {
    alive.remove(thread);
  }

  /** Where its threads stand, for a person. */
  public List<String> standing() {
    return alive.stream()
        .map(
            thread ->
                thread.getName()
                    + " at\n      "
                    + Arrays.stream(thread.getStackTrace())
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining("\n      ")))
        .toList();
  }

  void failed(String thread, Throwable failure) {
    failures.accept(thread, failure);
  }

  /** Has something done when it dies, in the world around it. */
  public void atDeath(Runnable action) {
    atDeath.add(action);
  }

  /** Ends it at once. */
  public void kill() {
    if (!dead) {
      dead = true;
      held.clear();
      alive.clear();
      atDeath.forEach(Runnable::run);
      atDeath.clear();
    }
  }

  /** Whether it has been killed. */
  public boolean isDead() {
    return dead;
  }

  /** Stops all its threads where they are, for a while. */
  public void freeze(Duration time) {
    frozen = true;
    scheduler.after(time, this::thaw);
  }

  /** Whether it stands still. */
  public boolean isFrozen() {
    return frozen;
  }

  private void thaw() {
    frozen = false;
    held.forEach(Runnable::run);
    held.clear();
  }
}
