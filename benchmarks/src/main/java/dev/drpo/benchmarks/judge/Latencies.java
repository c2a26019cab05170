package dev.drpo.benchmarks.judge;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.HdrHistogram.Histogram;

/** How long each of many pieces of work took, one after another on the calling thread. */
final class Latencies {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Quantiles are right to one in a thousand. */
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Histogram nanoseconds = new Histogram(SIGNIFICANT_DIGITS);

  /** Per input, the least that it took in any pass. */
  private final long[] fastest;

  private long totalNanoseconds;
  private int checksum;

  /** Knows of no work yet. */
  Latencies(int inputs) {
    fastest = new long[inputs];
    Arrays.fill(fastest, Long.MAX_VALUE);
  }

  /**
   * Works through the inputs again and again, in whole passes, until the time is over.
   *
   * @param work gives any number that depends on its result
   */
  static <T> Latencies of(List<T> inputs, ToIntFunction<T> work, Duration atLeast) {
    Latencies latencies = new Latencies(inputs.size());
    long begin = System.nanoTime();
    do {
      for (int input = 0; input < inputs.size(); input++) {
        long before = System.nanoTime();
        int result = work.applyAsInt(inputs.get(input));
        latencies.record(input, System.nanoTime() - before, result);
      }
    } while (System.nanoTime() - begin < atLeast.toNanos());
    return latencies;
  }

  /** Adds a piece of work. */
  void record(int input, long took, int result) {
    nanoseconds.recordValue(took);
    fastest[input] = Math.min(fastest[input], took);
    totalNanoseconds += took;
    checksum += result;
  }

  /** The sum of all results, which keeps the compiler from leaving the work out. */
  int checksum() {
    return checksum;
  }

  /** Pieces of work per second of work. */
  double perSecond() {
    return nanoseconds.getTotalCount() * NANOS_PER_SECOND / totalNanoseconds;
  }

  /** The latency that a share of all pieces kept to. */
  Duration quantile(double share) {
    return Duration.ofNanos(nanoseconds.getValueAtPercentile(100 * share));
  }

  Duration max() {
    return Duration.ofNanos(nanoseconds.getMaxValue());
  }

  long passes() {
    return nanoseconds.getTotalCount() / fastest.length;
  }

  /** The input, by its place among the inputs, whose fastest pass was the slowest of all. */
  int slowestInput() {
    int slowest = 0;
    for (int input = 1; input < fastest.length; input++) {
      if (fastest[input] > fastest[slowest]) {
        slowest = input;
      }
    }
    return slowest;
  }

  /** The least that an input took in any pass, which is free of what else the machine did. */
  Duration fastest(int input) {
    return Duration.ofNanos(fastest[input]);
  }
}
