package dev.drpo.policy.trainer;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts all parameters, laid end to end, into consecutive shards of equal size.
 *
 * <p>Weights are cut where it falls, since whole ones would not balance: the embedding alone can be
 * more than a shard. Within a weight, a cut lies on a multiple of {@link #ALIGNMENT} elements, so
 * that fused kernels may load several elements at once.
 */
final class ParameterShards {
  /** 256 bytes of fp32, what memory is aligned to on every device. */
  static final int ALIGNMENT = 64;

  private ParameterShards() {}

  /** Consecutive elements of one weight, counted flat. */
  record Span(int weight, long from, long to) {
    long elements() {
      return to - from;
    }
  }

  /**
   * The shards, in order. One is empty where there are fewer elements than it takes to fill all.
   *
   * @param sizes elements of each weight
   */
  static List<List<Span>> cut(List<Long> sizes, int shards) {
    long total = sizes.stream().mapToLong(Long::longValue).sum();
    List<List<Span>> found = new ArrayList<>();
    long from = 0;
    for (int shard = 1; shard <= shards; shard++) {
      // Exact: a policy has less than 2^48 parameters, and a run less than 2^15 workers.
      long to = shard == shards ? total : aligned(sizes, total * shard / shards);
      found.add(spans(sizes, from, to));
      from = to;
    }
    return found;
  }

  /** The nearest cut at or before an element. */
  private static long aligned(List<Long> sizes, long element) {
    long start = 0;
    for (long size : sizes) {
      if (element < start + size) {
        return start + (element - start) / ALIGNMENT * ALIGNMENT;
      }
      start += size;
    }
    return element;
  }

  private static List<Span> spans(List<Long> sizes, long from, long to) {
    List<Span> spans = new ArrayList<>();
    long start = 0;
    for (int weight = 0; weight < sizes.size(); weight++) {
      long end = start + sizes.get(weight);
      if (from < end && to > start && from < to) {
        spans.add(new Span(weight, Math.max(from, start) - start, Math.min(to, end) - start));
      }
      start = end;
    }
    return spans;
  }
}
