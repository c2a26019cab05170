package dev.drpo.simulation.machine;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * The steps of one thread. A step goes on until the thread waits for something of its world. Where
 * it meets a lock that the whole JVM shares, as those of cleaners and class loaders, a thread of
 * the JVM hands it back in a moment, and the step goes on.
 */
final class ThreadSteps implements Executor {
  private static final long MOMENT_NANOS = 20_000;
  private static final long MOST_NANOS = 30_000_000_000L;

  private final Host host;
  private final Scheduler scheduler;
  private final ConcurrentLinkedQueue<Runnable> handedBack = new ConcurrentLinkedQueue<>();
  private Thread thread;
  private boolean queued;

  ThreadSteps(Host host, Scheduler scheduler) {
    this.host = host;
    this.scheduler = scheduler;
  }

  /** Makes the thread. */
  Thread unstarted(String name, Runnable work) {
    thread = VirtualThreads.unstarted(this, name, work);
    return thread;
  }

  @Override
  public void execute(Runnable step) {
    if (isOfTheWorld()) {
      if (!host.isDead()) {
        queued = true;
        scheduler.ready(this, step);
      }
    } else {
      handedBack.add(step);
    }
  }

  /** Those of the JVM are no virtual ones, and carry none. */
  private boolean isOfTheWorld() {
    return Thread.currentThread().isVirtual() || scheduler.isCarrier(Thread.currentThread());
  }

  boolean mayRun(Runnable step) {
    return host.mayRun(this, step);
  }

  void run(Runnable step) {
    queued = false;
    step.run();
    long begin = System.nanoTime();
    while (!queued && isHeldUp()) {
      Runnable rest = handedBack.poll();
      if (rest != null) {
        rest.run();
      } else if (System.nanoTime() - begin > MOST_NANOS) {
        throw new IllegalStateException(
            thread + " is held up by a lock that another simulated thread seems to hold");
      } else {
        LockSupport.parkNanos(MOMENT_NANOS);
      }
    }
  }

  private boolean isHeldUp() {
    Thread.State state = thread.getState();
    return state == Thread.State.BLOCKED || state == Thread.State.RUNNABLE;
  }
}
