package dev.drpo.tracking.tensorboard;

import java.util.List;

/**
 * Counts in bins, as TensorBoard has them. Empty bins on either side are left out, so that the
 * least and the most value are known to a bin.
 *
 * @param least the value below its first bin
 * @param sum of all values
 * @param ends the largest value of each bin
 * @param counts of values in each bin
 */
record Histogram(double least, double sum, List<Double> ends, List<Double> counts) {
  Histogram {
    ends = List.copyOf(ends);
    counts = List.copyOf(counts);
  }

  /**
   * Makes one of whole numbers.
   *
   * @param ends the largest number of each bin
   * @param counts as many; one at least is above 0
   * @param sum of the numbers
   */
  static Histogram of(List<Integer> ends, List<Integer> counts, double sum) {
    int first = 0;
    while (counts.get(first) == 0) {
      first++;
    }
    int last = counts.size() - 1;
    while (counts.get(last) == 0) {
      last--;
    }
    return new Histogram(
        first == 0 ? ends.getFirst() - 1 : ends.get(first - 1),
        sum,
        ends.subList(first, last + 1).stream().map(Integer::doubleValue).toList(),
        counts.subList(first, last + 1).stream().map(Integer::doubleValue).toList());
  }

  /** The largest value of the last bin. */
  double most() {
    return ends.getLast();
  }

  /** Number of values. */
  double count() {
    return counts.stream().mapToDouble(Double::doubleValue).sum();
  }
}
