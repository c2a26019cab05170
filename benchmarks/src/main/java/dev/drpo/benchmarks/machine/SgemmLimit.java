package dev.drpo.benchmarks.machine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.engine.TensorEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast the machine multiplies fp32 matrices: what a program that did nothing else would reach.
 */
public final class SgemmLimit {
  private static final int SIZE = 1024;
  private static final int ROUNDS = 12;
  private static final double FLOPS = 2.0 * SIZE * SIZE * SIZE;

  private SgemmLimit() {}

  /**
   * The most GFLOP/s in any of several rounds. Threads multiply matrices of their own at the same
   * time, since threads that share a product wait for each other.
   */
  public static double gflops(int threads) throws InterruptedException {
    TensorEngine.setThreads(1);
    ExecutorService executor =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<double[]>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(() -> secondsByRound(start)));
      }
      double[] slowest = new double[ROUNDS];
      for (Future<double[]> thread : running) {
        double[] seconds = thread.get();
        for (int round = 0; round < ROUNDS; round++) {
          slowest[round] = Math.max(slowest[round], seconds[round]);
        }
      }
      double best = 0;
      for (double seconds : slowest) {
        best = Math.max(best, threads * FLOPS / seconds / 1e9);
      }
      return best;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static double[] secondsByRound(CyclicBarrier start) throws Exception {
    TensorEngine.prepareThread();
    double[] seconds = new double[ROUNDS];
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray a = manager.ones(new Shape(SIZE, SIZE));
      NDArray b = manager.ones(new Shape(SIZE, SIZE));
      for (int round = 0; round < ROUNDS; round++) {
        start.await();
        long began = System.nanoTime();
        a.matMul(b).close();
        seconds[round] = (System.nanoTime() - began) / 1e9;
      }
    }
    return seconds;
  }
}
