package dev.drpo.benchmarks.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * How long the groups of a step take to sample, in the order in which they begin. As with an
 * engine, no two take the same time: between half and one and a half times the mean, spread evenly.
 *
 * @param groups one duration for each
 */
record SamplingTimes(List<Duration> groups) {
  /** Multiples of it, modulo 1, are spread evenly however many there are. */
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  SamplingTimes {
    groups = List.copyOf(groups);
  }

  /**
   * Groups that keep so many slots busy for about so long.
   *
   * @param slots groups that are sampled at once
   */
  static SamplingTimes of(Duration all, int groups, int slots) {
    double mean = (double) all.toNanos() * slots / groups;
    return new SamplingTimes(
        IntStream.range(0, groups)
            .mapToObj(i -> Duration.ofNanos((long) (mean * (0.5 + i * GOLDEN % 1))))
            .toList());
  }

  /** What slots need that begin the next group at the very moment in which one ends. */
  Duration makespan(int slots) {
    PriorityQueue<Duration> free = new PriorityQueue<>();
    IntStream.range(0, slots).forEach(_ -> free.add(Duration.ZERO));
    Duration last = Duration.ZERO;
    for (Duration group : groups) {
      Duration end = free.remove().plus(group);
      free.add(end);
      last = end.compareTo(last) > 0 ? end : last;
    }
    return last;
  }
}
