package dev.drpo.runtime.process;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * The threads of a process, and the time by which they wait. Who waits for something without a
 * limit may do so as Java does; who waits for a while asks here, so that a simulation can decide
 * which thread goes on, and when a while is over.
 */
public interface Threads {
  /** Makes a thread that has not been started. */
  Thread unstarted(String name, Runnable work);

  /** A clock that never jumps, in nanoseconds from an arbitrary origin. */
  long nanoTime();

  /** Waits for a while. */
  void sleep(Duration time) throws InterruptedException;

  /**
   * Waits for a result.
   *
   * @throws TimeoutException if there is none in time
   * @throws ExecutionException if there never will be one
   */
  <T> T get(Future<T> result, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException;

  /** Takes the head of a queue; null if there is none in time. */
  <T> T poll(BlockingQueue<T> queue, Duration patience) throws InterruptedException;

  /**
   * Does one thing after the other on a thread of its own, which does not keep the process alive.
   */
  ExecutorService executor(String name);

  /** Platform threads and the time of this machine. */
  static Threads ofPlatform() {
    return PlatformThreads.INSTANCE;
  }
}
