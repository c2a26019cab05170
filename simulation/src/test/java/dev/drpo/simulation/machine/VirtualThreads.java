package dev.drpo.simulation.machine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/**
 * Virtual threads that an executor of ours runs, step by step: a step goes from where a thread
 * stands to where it waits next. The JDK has them, but keeps their builder to itself, so that the
 * package {@code java.lang} has to be opened to this module's tests.
 */
final class VirtualThreads {
  private static final MethodHandle NEW = builder();

  private VirtualThreads() {}

  private static MethodHandle builder() {
    try {
      Method builder =
          Class.forName("java.lang.ThreadBuilders")
              .getDeclaredMethod(
                  "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
      builder.setAccessible(true);
      return MethodHandles.lookup().unreflect(builder);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          "this JDK gives no virtual threads with a scheduler of one's own; run JDK 25 with"
              + " --add-opens=java.base/java.lang=ALL-UNNAMED",
          e);
    }
  }

  /** Makes a thread whose steps an executor runs, on a platform thread. */
  static Thread unstarted(Executor steps, String name, Runnable work) {
    try {
      return (Thread) NEW.invoke(steps, name, 0, work);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
