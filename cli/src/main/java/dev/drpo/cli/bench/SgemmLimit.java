package dev.drpo.cli.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.engine.TensorEngine;

/**
 * What the machine's fp32 matrix multiplication reaches: the bound of everything that is made of
 * it.
 */
public final class SgemmLimit {
  private static final int SIZE = 1024;
  private static final int ROUNDS = 20;
  private static final int MULTIPLICATIONS = 5;

  private SgemmLimit() {}

  /** Best rate over some rounds of square multiplications, in 10^9 operations per second. */
  public static double gflops(int threads) {
    TensorEngine.setThreads(threads);
    TensorEngine.prepareThread();
    double best = 0;
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray left = manager.randomUniform(-1, 1, new Shape(SIZE, SIZE));
      NDArray right = manager.randomUniform(-1, 1, new Shape(SIZE, SIZE));
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < MULTIPLICATIONS; i++) {
          left.matMul(right).close();
        }
        double nanos = System.nanoTime() - start;
        best = Math.max(best, 2.0 * SIZE * SIZE * SIZE * MULTIPLICATIONS / nanos);
      }
    }
    return best;
  }
}
