package dev.drpo.dashboard;

import java.util.Arrays;

/**
 * Fewer rows that draw the same line: of each run of rows, a column's smallest and largest value,
 * in the order in which they came. So a spike of one step is seen however many steps there are.
 *
 * @param most rows that are left, an even number
 */
record Thinning(int most) {
  Thinning {
    if (most < 2 || most % 2 != 0) {
      throw new IllegalArgumentException("an even number of rows, 2 or more, must be left");
    }
  }

  /** Whether so many rows are more than are left. */
  boolean applies(int rows) {
    return rows > most;
  }

  /**
   * The values of a column, two for each bucket of rows; NaN where it has none.
   *
   * @param values of all rows, more than are left
   */
  double[] of(double[] values) {
    int buckets = most / 2;
    double[] thinned = new double[most];
    Arrays.fill(thinned, Double.NaN);
    for (int bucket = 0; bucket < buckets; bucket++) {
      int begin = begin(bucket, values.length);
      int end = begin(bucket + 1, values.length);
      int least = -1;
      int largest = -1;
      for (int row = begin; row < end; row++) {
        if (!Double.isNaN(values[row])) {
          least = least < 0 || values[row] < values[least] ? row : least;
          largest = largest < 0 || values[row] > values[largest] ? row : largest;
        }
      }
      if (least >= 0) {
        thinned[2 * bucket] = values[Math.min(least, largest)];
        thinned[2 * bucket + 1] = values[Math.max(least, largest)];
      }
    }
    return thinned;
  }

  /** What the rows that are left are drawn at: a bucket's first and last value. */
  double[] ofAxis(double[] values) {
    double[] thinned = new double[most];
    for (int bucket = 0; bucket < most / 2; bucket++) {
      thinned[2 * bucket] = values[begin(bucket, values.length)];
      thinned[2 * bucket + 1] = values[begin(bucket + 1, values.length) - 1];
    }
    return thinned;
  }

  private int begin(int bucket, int rows) {
    return (int) ((long) bucket * rows / (most / 2));
  }
}
