package dev.drpo.problems.inspection;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How lengths are spread, each quantile by the nearest rank: the smallest length that at least so
 * large a part of all does not exceed.
 *
 * @param mean of all lengths
 * @param values by name, in ascending order: min, 10%, 50%, 90%, 99%, max
 */
public record Quantiles(double mean, Map<String, Integer> values) {

  /**
   * Of lengths in any order.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Quantiles of(int[] lengths) {
    if (lengths.length == 0) {
      throw new IllegalArgumentException("no lengths have no quantiles");
    }
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    Map<String, Integer> values = new LinkedHashMap<>();
    values.put("min", sorted[0]);
    for (int percent : new int[] {10, 50, 90, 99}) {
      int rank = Math.ceilDiv(percent * sorted.length, 100);
      values.put(percent + "%", sorted[rank - 1]);
    }
    values.put("max", sorted[sorted.length - 1]);
    return new Quantiles(Arrays.stream(sorted).average().orElseThrow(), values);
  }
}
