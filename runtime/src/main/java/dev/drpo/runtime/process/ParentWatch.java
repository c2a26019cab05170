package dev.drpo.runtime.process;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Ends this process when the process that started it is gone, so that even a supervisor that was
 * killed leaves nothing behind. Switched on by {@value #PARENT_VARIABLE}, which the supervisor
 * sets; without it nothing is watched, as in a container.
 */
public final class ParentWatch {
  /** Environment variable with the process id of the supervisor. */
  public static final String PARENT_VARIABLE = "DRPO_PARENT_PID";

  /** Exit code of a process that ends because its supervisor is gone. */
  public static final int EXIT_CODE = 75;

  // An orderly shutdown that hangs must not keep the process alive for ever.
  private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(20);

  private ParentWatch() {}

  /**
   * Starts watching if the environment names a parent; services call this once, when they start.
   *
   * @throws IllegalArgumentException if the variable does not hold a process id
   */
  public static void startFromEnvironment() {
    String parent = System.getenv(PARENT_VARIABLE);
    if (parent == null) {
      return;
    }
    if (!parent.matches("[1-9]\\d{0,17}")) {
      throw new IllegalArgumentException(
          PARENT_VARIABLE + " is '" + parent + "'; it must be the process id of the supervisor");
    }
    var _ = exitOf(Long.parseLong(parent)).thenRun(ParentWatch::endThisProcess);
  }

  /**
   * Runs the main class named by the first argument, with the remaining arguments, under the watch:
   * for programs that know nothing of it.
   */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("name the main class to run as the first argument");
    }
    startFromEnvironment();
    try {
      Class.forName(arguments[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Completes when the process is gone; at once if there is none. */
  private static CompletableFuture<Void> exitOf(long pid) {
    return ProcessHandle.of(pid)
        .map(parent -> parent.onExit().<Void>thenApply(_ -> null))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private static void endThisProcess() {
    // Exit waits for the shutdown hooks, so that it has a thread of its own beside the deadline's.
    Thread.ofPlatform().daemon().name("parent-gone").start(() -> System.exit(EXIT_CODE));
    Thread.ofPlatform()
        .daemon()
        .name("parent-gone-deadline")
        .start(
            () -> {
              try {
                Thread.sleep(SHUTDOWN_PATIENCE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(EXIT_CODE);
            });
  }
}
