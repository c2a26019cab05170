package dev.drpo.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what other threads bring about, with patience for a machine that is busy. */
public final class Await {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration INTERVAL = Duration.ofMillis(5);

  private Await() {}

  /** Returns once the condition holds; fails if that takes minutes, or if looking throws. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, PATIENCE, condition);
  }

  /** Returns once the condition holds, which may take long. */
  public static void until(String what, Duration patience, Callable<Boolean> condition) {
    Awaitility.await(what)
        // Kafka's consumers allow no other thread than the one that opened them.
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .atMost(patience)
        .until(condition);
  }
}
