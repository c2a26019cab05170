package dev.drpo.simulation.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Runs the threads of all hosts, one at a time: whichever can go on may be next, by chance. Time is
 * what this says. It goes on a little with each step, and jumps to the next thing that is due when
 * no thread can go on.
 */
public final class Scheduler {
  private static final int MOST_NANOS_OF_A_STEP = 40_000;

  private final Thread carrier = Thread.currentThread();
  private final Chance chance;
  private final List<Step> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.at)
              .thenComparingLong(timer -> timer.number));
  private long now;
  private long steps;
  private long timersMade;

  private record Step(ThreadSteps thread, Runnable work) {}

  /** Something that is due at a time. */
  public static final class Timer {
    private final long at;
    private final long number;
    private Runnable action;

    private Timer(long at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }

    /** Nothing is due any more. */
    public void cancel() {
      action = null;
    }
  }

  /** How a schedule ended. */
  public enum Ending {
    /** What was to be done is done. */
    DONE,
    /** Nothing will ever happen again. */
    STUCK,
    /** It took more time or steps than it may. */
    ENDLESS
  }

  /** Starts at time 0, and runs on the thread that calls this. */
  public Scheduler(Chance chance) {
    this.chance = chance;
  }

  boolean isCarrier(Thread thread) {
    return thread == carrier;
  }

  /** Nanoseconds since the start. */
  public long now() {
    return now;
  }

  /** Steps that have been run. */
  public long steps() {
    return steps;
  }

  /** Has something done, outside of all threads, after a time. It must not wait. */
  public Timer after(Duration delay, Runnable action) {
    Timer timer = new Timer(now + Math.max(0, delay.toNanos()), timersMade++, action);
    timers.add(timer);
    return timer;
  }

  /** A thread of a host can go on. */
  void ready(ThreadSteps thread, Runnable work) {
    ready.add(new Step(thread, work));
  }

  /**
   * Runs until something is done.
   *
   * @param beforeStep called before each step
   * @param mostSteps after which it is given up
   * @param longest time after which it is given up
   */
  public Ending run(BooleanSupplier done, Runnable beforeStep, long mostSteps, Duration longest) {
    while (!done.getAsBoolean()) {
      if (steps >= mostSteps || now > longest.toNanos()) {
        return Ending.ENDLESS;
      }
      beforeStep.run();
      if (!ready.isEmpty()) {
        now += chance.below(MOST_NANOS_OF_A_STEP);
      }
      boolean fired = fireDue();
      if (!ready.isEmpty()) {
        step();
      } else if (!fired && !jump()) {
        return Ending.STUCK;
      }
    }
    return Ending.DONE;
  }

  private void step() {
    int chosen = chance.below(ready.size());
    Step step = ready.get(chosen);
    Step last = ready.removeLast();
    if (chosen < ready.size()) {
      ready.set(chosen, last);
    }
    if (step.thread().mayRun(step.work())) {
      steps++;
      step.thread().run(step.work());
    }
  }

  private boolean fireDue() {
    boolean fired = false;
    for (Timer next = timers.peek(); next != null; next = timers.peek()) {
      if (next.action != null && next.at > now) {
        break;
      }
      timers.poll();
      if (next.action != null) {
        next.action.run();
        fired = true;
      }
    }
    return fired;
  }

  /** To the next thing that is due; false if there is none. */
  private boolean jump() {
    // Cancelled ones were taken away before.
    if (timers.isEmpty()) {
      return false;
    }
    now = Math.max(now, timers.peek().at);
    return true;
  }
}
