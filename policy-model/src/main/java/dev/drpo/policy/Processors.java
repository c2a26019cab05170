package dev.drpo.policy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Spreads work over the machine's processors. The calling thread works too; the others are shared
 * by all callers, and end when nobody has used them for a while.
 */
public final class Processors {
  private static final int COUNT = Runtime.getRuntime().availableProcessors();
  private static final int IDLE_SECONDS = 10;
  private static final ThreadPoolExecutor OTHERS = others();

  private Processors() {}

  private static ThreadPoolExecutor others() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            COUNT,
            COUNT,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("weights-", 1).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** How many there are. */
  public static int count() {
    return COUNT;
  }

  /**
   * Does a job for each item, several at once, starting in the order of the list. Returns when none
   * runs any more.
   *
   * @throws RuntimeException what the first job to fail threw; jobs that had not started then are
   *     left out
   */
  public static <T> void forEach(List<T> items, Consumer<? super T> job) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable worker =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
              job.accept(items.get(i));
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            next.set(items.size());
          }
        };
    List<CompletableFuture<Void>> others =
        IntStream.range(1, Math.min(COUNT, items.size()))
            .mapToObj(_ -> CompletableFuture.runAsync(worker, OTHERS))
            .toList();
    worker.run();
    others.forEach(CompletableFuture::join);
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError(e);
    }
  }
}
