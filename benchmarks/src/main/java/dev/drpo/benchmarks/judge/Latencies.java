package dev.drpo.benchmarks.judge;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** How long each of many pieces of work took, one after another on the calling thread. */
public final class Latencies {
  private static final int MAX_SAMPLES = 4_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final long[] nanoseconds;
  private final int perPass;
  private final int checksum;

  /**
   * Takes what was measured.
   *
   * @param nanoseconds per piece, in the order of the work
   * @param perPass pieces in one pass over the inputs
   * @param checksum depends on every result
   */
  public Latencies(long[] nanoseconds, int perPass, int checksum) {
    this.nanoseconds = nanoseconds;
    this.perPass = perPass;
    this.checksum = checksum;
  }

  /**
   * Works through the inputs again and again, in whole passes, until the time is over or enough is
   * known.
   *
   * @param work gives any number that depends on its result
   */
  public static <T> Latencies of(List<T> inputs, ToIntFunction<T> work, Duration atLeast) {
    long[] samples = new long[Math.max(inputs.size(), 1 << 12)];
    int count = 0;
    int results = 0;
    long begin = System.nanoTime();
    long last = begin;
    do {
      for (T input : inputs) {
        results += work.applyAsInt(input);
        long now = System.nanoTime();
        if (count == samples.length) {
          samples = Arrays.copyOf(samples, 2 * count);
          // The copy is no work of the next input.
          now = System.nanoTime();
        }
        samples[count++] = now - last;
        last = now;
      }
    } while (last - begin < atLeast.toNanos() && count < MAX_SAMPLES);
    return new Latencies(Arrays.copyOf(samples, count), inputs.size(), results);
  }

  /** The sum of all results, which keeps the compiler from leaving the work out. */
  public int checksum() {
    return checksum;
  }

  /** Pieces of work per second of work. */
  public double perSecond() {
    return nanoseconds.length * NANOS_PER_SECOND / Arrays.stream(nanoseconds).sum();
  }

  /** The latency that a share of all pieces kept to, by the nearest rank. */
  public Duration quantile(double share) {
    long[] sorted = nanoseconds.clone();
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return Duration.ofNanos(sorted[Math.clamp(rank - 1, 0, sorted.length - 1)]);
  }

  public Duration max() {
    return quantile(1);
  }

  public int passes() {
    return nanoseconds.length / perPass;
  }

  /** The input, by its place among the inputs, whose fastest pass was the slowest of all. */
  public int slowestInput() {
    int slowest = 0;
    for (int input = 1; input < perPass; input++) {
      if (fastest(input).compareTo(fastest(slowest)) > 0) {
        slowest = input;
      }
    }
    return slowest;
  }

  /** The least that an input took in any pass, which is free of what else the machine did. */
  public Duration fastest(int input) {
    long fastest = Long.MAX_VALUE;
    for (int i = input; i < nanoseconds.length; i += perPass) {
      fastest = Math.min(fastest, nanoseconds[i]);
    }
    return Duration.ofNanos(fastest);
  }
}
