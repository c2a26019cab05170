package dev.drpo.reward.call;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Where judging happens: virtual threads, so that event loops stay free for callers, the CPU is
 * shared by as many judgements as it has cores, and the others wait in the order of their arrival.
 */
@Singleton
public class Workers implements Executor {
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("judging-", 0).factory());
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("timers").factory());

  @Override
  public void execute(Runnable work) {
    threads.execute(work);
  }

  /** Where time runs out; for what takes no time itself. */
  public ScheduledExecutorService timers() {
    return timers;
  }

  @PreDestroy
  void stop() {
    threads.shutdownNow();
    timers.shutdownNow();
  }
}
