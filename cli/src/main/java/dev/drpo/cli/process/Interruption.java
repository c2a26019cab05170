package dev.drpo.cli.process;

import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Turns a request to end this process (Ctrl-C, SIGTERM, a closed terminal) into an interrupt of the
 * thread that works, so that the work unwinds and cleans up before the process is gone.
 */
public final class Interruption {
  /** Whether this process has been asked to end, which it can be once. */
  private static volatile boolean requested;

  private Interruption() {}

  /**
   * Runs the work; on a request to end, interrupts it and holds the process until it has returned.
   */
  public static <T> T during(Callable<T> work) throws Exception {
    Thread worker = Thread.currentThread();
    CountDownLatch done = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .name("interruption")
            .unstarted(
                () -> {
                  requested = true;
                  worker.interrupt();
                  awaitUninterruptibly(done);
                });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.call();
    } finally {
      done.countDown();
      remove(hook);
    }
  }

  /**
   * Runs a command's work as {@link #during} does.
   *
   * @return the work's exit code, or that of an interruption, however the work took it
   */
  public static int exitCode(Callable<Integer> work) throws Exception {
    try {
      return during(work);
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    } catch (IOException | RuntimeException e) {
      // An interrupt also closes the file that is being read or written, which then seems to fail.
      if (Thread.interrupted()) {
        return ExitCode.INTERRUPTED;
      }
      throw e;
    }
  }

  /**
   * Ends work whose interrupt may have been lost, as the tensor engine loses one while it looks for
   * its libraries. To be called after such a step, before a wait.
   *
   * @throws InterruptedException if this process has been asked to end
   */
  public static void check() throws InterruptedException {
    if (requested) {
      throw new InterruptedException("asked to end");
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, and has just been let go.
    }
  }

  private static void awaitUninterruptibly(CountDownLatch done) {
    while (true) {
      try {
        done.await();
        return;
      } catch (InterruptedException e) {
        // Nobody but the JVM's end lets the hook go early.
      }
    }
  }
}
