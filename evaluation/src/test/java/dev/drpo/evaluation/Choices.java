package dev.drpo.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All choices of k of n samples, one by one: the slow oracle of what is computed in closed form.
 */
final class Choices {
  private Choices() {}

  static double mean(int n, int k, ToDoubleFunction<List<Integer>> value) {
    return IntStream.range(0, 1 << n)
        .filter(mask -> Integer.bitCount(mask) == k)
        .mapToObj(mask -> IntStream.range(0, n).filter(i -> (mask >> i & 1) == 1).boxed().toList())
        .mapToDouble(value)
        .average()
        .orElseThrow();
  }
}
