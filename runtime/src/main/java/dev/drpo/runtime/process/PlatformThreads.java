package dev.drpo.runtime.process;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What every process has but a simulated one. */
enum PlatformThreads implements Threads {
  /** The only one. */
  INSTANCE;

  @Override
  public Thread unstarted(String name, Runnable work) {
    return Thread.ofPlatform().name(name).unstarted(work);
  }

  @Override
  public ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  @Override
  public <T> T get(Future<T> result, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public <T> T poll(BlockingQueue<T> queue, Duration patience) throws InterruptedException {
    return queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
  }
}
