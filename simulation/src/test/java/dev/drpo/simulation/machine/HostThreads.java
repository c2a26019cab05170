package dev.drpo.simulation.machine;

import dev.drpo.runtime.process.Threads;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a host. Who waits for a while does so without a limit, and is woken by a timer. */
final class HostThreads implements Threads {
  /** Whoever waits for longer than this waits for ever, for all that a schedule can see. */
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final Host host;
  private final Scheduler scheduler;

  HostThreads(Host host, Scheduler scheduler) {
    this.host = host;
    this.scheduler = scheduler;
  }

  /** What waits until it is over, or interrupted. */
  private interface Wait<T> {
    T go() throws InterruptedException, ExecutionException;
  }

  /** The end of a wait that has a limit. */
  private final class Limit {
    private final Thread waiting = Thread.currentThread();
    private final Scheduler.Timer timer;
    private boolean reached;

    Limit(Duration patience) {
      timer = scheduler.after(patience, this::reach);
    }

    private void reach() {
      reached = true;
      waiting.interrupt();
    }

    @SuppressWarnings("ReturnValueIgnored") // The flag is cleared, whatever it was.
    void lift() {
      timer.cancel();
      if (reached) {
        Thread.interrupted();
      }
    }
  }

  @Override
  public Thread unstarted(String name, Runnable work) {
    Thread thread =
        new ThreadSteps(host, scheduler)
            .unstarted(
                name,
                () -> {
                  try {
                    work.run();
                  } catch (RuntimeException | Error e) {
                    host.failed(name, e);
                  } finally {
                    host.ended(Thread.currentThread());
                  }
                });
    host.began(thread);
    return thread;
  }

  @Override
  public ExecutorService executor(String name) {
    // Those of Executors end by themselves when nobody refers to them, if it takes ever so long.
    return new ThreadPoolExecutor(
        1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> unstarted(name, work));
  }

  @Override
  public long nanoTime() {
    return scheduler.now();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Scheduler.Timer timer = scheduler.after(time, () -> over.complete(null));
    try {
      over.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("timers complete normally", e);
    } finally {
      timer.cancel();
    }
  }

  @Override
  public <T> T get(Future<T> result, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (result.isDone() || patience.compareTo(FOR_EVER) > 0) {
      return result.get();
    }
    return within(patience, result::get);
  }

  @Override
  public <T> T poll(BlockingQueue<T> queue, Duration patience) throws InterruptedException {
    T head = queue.poll();
    if (head != null || !patience.isPositive()) {
      return head;
    }
    try {
      return within(patience, queue::take);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException("queues do not fail", e);
    }
  }

  private <T> T within(Duration patience, Wait<T> wait)
      throws InterruptedException, ExecutionException, TimeoutException {
    Limit limit = new Limit(patience);
    try {
      return wait.go();
    } catch (InterruptedException e) {
      if (limit.reached) {
        throw new TimeoutException();
      }
      throw e;
    } finally {
      limit.lift();
    }
  }
}
