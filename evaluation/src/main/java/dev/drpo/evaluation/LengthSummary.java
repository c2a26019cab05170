package dev.drpo.evaluation;

import java.util.Arrays;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lengths of some responses, in tokens.
 *
 * @param count how many responses
 * @param mean NaN if there is none
 * @param quantiles by percent; between two lengths they are interpolated linearly (definition 7 of
 *     Hyndman and Fan, The American Statistician 50, 1996). Empty if there is no response
 */
public record LengthSummary(int count, double mean, SortedMap<Integer, Double> quantiles) {
  /** The quantiles that are taken, in percent; 0 is the shortest response, 100 the longest. */
  private static final int[] PERCENTS = {0, 5, 25, 50, 75, 95, 100};

  /** Of responses' lengths. */
  static LengthSummary of(Collection<Integer> lengths) {
    int[] sorted = lengths.stream().mapToInt(Integer::intValue).sorted().toArray();
    SortedMap<Integer, Double> quantiles = new TreeMap<>();
    for (int percent : PERCENTS) {
      if (sorted.length > 0) {
        quantiles.put(percent, quantile(sorted, percent));
      }
    }
    return new LengthSummary(
        sorted.length, Arrays.stream(sorted).average().orElse(Double.NaN), quantiles);
  }

  private static double quantile(int[] sorted, int percent) {
    double place = (sorted.length - 1) * percent / 100.0;
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
