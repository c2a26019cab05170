package dev.drpo.policy.trainer;

import dev.drpo.policy.engine.TensorEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Shares work out to a fixed number of workers. Which worker does what depends on the work alone,
 * so that sums of what the workers computed are the same bits every time.
 *
 * <p>The first worker is the calling thread; the others have platform threads of their own, since
 * settings of the tensor engine are per thread.
 */
final class WorkerTeam implements AutoCloseable {
  private final int workers;
  private final ExecutorService others;

  WorkerTeam(int workers) {
    this.workers = workers;
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, workers - 1),
            Thread.ofPlatform().daemon().name("policy-trainer-", 1).factory());
  }

  /** The worker of each piece of work: the largest piece goes to whoever has the least so far. */
  int[] assign(int[] costs) {
    int[] worker = new int[costs.length];
    long[] load = new long[workers];
    IntStream.range(0, costs.length)
        .boxed()
        .sorted(Comparator.comparingInt((Integer i) -> -costs[i]))
        .forEach(
            piece -> {
              int idlest = 0;
              for (int i = 1; i < workers; i++) {
                idlest = load[i] < load[idlest] ? i : idlest;
              }
              worker[piece] = idlest;
              load[idlest] += costs[piece];
            });
    return worker;
  }

  /**
   * Does every piece of work on its worker, each worker's in order, and returns when all is done.
   *
   * @param task is given the index of a piece
   * @throws RuntimeException the first failure, with the others' suppressed, once no worker works
   *     any more
   */
  void run(int[] worker, IntConsumer task) {
    List<Future<?>> running = new ArrayList<>();
    for (int w = 1; w < workers; w++) {
      int[] pieces = pieces(worker, w);
      if (pieces.length > 0) {
        running.add(
            others.submit(
                () -> {
                  TensorEngine.prepareThread();
                  Arrays.stream(pieces).forEach(task);
                }));
      }
    }
    Throwable failure = null;
    try {
      Arrays.stream(pieces(worker, 0)).forEach(task);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (Future<?> other : running) {
      Throwable theirs = await(other);
      if (failure == null) {
        failure = theirs;
      } else if (theirs != null) {
        failure.addSuppressed(theirs);
      }
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  /** Lets every worker do a task; it is given the worker's index. */
  void everyWorker(IntConsumer task) {
    run(IntStream.range(0, workers).toArray(), task);
  }

  private static int[] pieces(int[] worker, int of) {
    return IntStream.range(0, worker.length).filter(piece -> worker[piece] == of).toArray();
  }

  /**
   * Waits even if interrupted: what the other thread uses must not be freed under it.
   *
   * @return what it failed with, or null
   */
  private static Throwable await(Future<?> other) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          other.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
