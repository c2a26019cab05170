package dev.drpo.benchmarks.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledResponse;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.KvCacheSize;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times single decode steps of responses that grow together, and readings of memory. Of both, the
 * fastest of as many count: what disturbs them comes and goes within a long response.
 */
final class LengthCosts {
  static final int ROWS = 32;
  static final int MAX_LENGTH = 4096;
  private static final List<Integer> LENGTHS = List.of(128, 512, 1024, 2048, MAX_LENGTH);

  /** Steps up to a length, of which the fastest counts. */
  private static final int STEPS = 64;

  /** More than any cache of a processor holds. */
  private static final int READ_ELEMENTS = 64 << 20;

  private final double[] stepSeconds = new double[LENGTHS.size()];
  private double readSeconds = Double.POSITIVE_INFINITY;

  LengthCosts() {
    Arrays.fill(stepSeconds, Double.POSITIVE_INFINITY);
  }

  /** Samples responses of the greatest length. */
  void decode(GenerationEngine engine) {
    DrawTimes times = new DrawTimes();
    engine.submit(GenerateBench.request(1, ROWS, MAX_LENGTH, 0), times).join();
    decoded(times.nanos);
  }

  /** Takes the times at which a response's tokens were drawn. */
  void decoded(long[] drawn) {
    for (int i = 0; i < LENGTHS.size(); i++) {
      for (int last = LENGTHS.get(i) - STEPS; last < LENGTHS.get(i); last++) {
        stepSeconds[i] = Math.min(stepSeconds[i], (drawn[last] - drawn[last - 1]) / 1e9);
      }
    }
  }

  /** Seconds that the calling thread takes to read memory. */
  static double secondsToRead() {
    try (NDManager manager = TensorEngine.newManager()) {
      NDArray array = manager.ones(new Shape(READ_ELEMENTS));
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < STEPS; i++) {
        long start = System.nanoTime();
        array.sum().close();
        least = Math.min(least, (System.nanoTime() - start) / 1e9);
      }
      return least;
    }
  }

  /** Takes the seconds of a reading. */
  void read(double seconds) {
    readSeconds = Math.min(readSeconds, seconds);
  }

  Measurements.LengthCost measured() {
    List<Measurements.LengthCost.Point> points =
        IntStream.range(0, LENGTHS.size())
            .mapToObj(i -> new Measurements.LengthCost.Point(LENGTHS.get(i), 1e3 * stepSeconds[i]))
            .toList();
    double bytesPerSecond = (double) READ_ELEMENTS * Float.BYTES / readSeconds;
    KvCacheSize block = new KvCacheSize(ROWS, KvCacheSize.BLOCK, 0, 0);
    double bytesPerPosition =
        (double) block.bytes(GenerateBench.SHAPE, ElementType.F32) / KvCacheSize.BLOCK;
    double bytes = (LENGTHS.getLast() - LENGTHS.getFirst()) * bytesPerPosition;
    double seconds = stepSeconds[LENGTHS.size() - 1] - stepSeconds[0];
    return new Measurements.LengthCost(
        ROWS, points, bytesPerSecond / 1e9, seconds * bytesPerSecond / bytes);
  }

  /** When the tokens of a group's first response were drawn; each row has one in every step. */
  private static final class DrawTimes implements ResponseListener {
    private final long[] nanos = new long[MAX_LENGTH];
    private int drawn;

    @Override
    public void drew(int sample, int token, float logProbability) {
      if (sample == 0) {
        nanos[drawn++] = System.nanoTime();
      }
    }

    @Override
    public void finished(int sample, SampledResponse response) {}
  }
}
