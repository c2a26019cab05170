package dev.drpo.reports;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Points of a curve in drawing order. Points with a coordinate that does not exist are left out.
 */
record Points(List<Double> x, List<Double> y) {
  static <T> Points of(List<T> all, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
    List<T> known =
        all.stream()
            .filter(one -> Double.isFinite(x.applyAsDouble(one) + y.applyAsDouble(one)))
            .toList();
    return new Points(
        known.stream().map(x::applyAsDouble).toList(),
        known.stream().map(y::applyAsDouble).toList());
  }

  /** A horizontal line. */
  static Points level(Range stretch, double value) {
    return new Points(List.of(stretch.low(), stretch.high()), List.of(value, value));
  }

  /** At most so many of the points, evenly spread. */
  Points thinned(int most) {
    int stride = Math.max(1, Math.ceilDiv(x.size(), most));
    List<Integer> kept = IntStream.iterate(0, i -> i < x.size(), i -> i + stride).boxed().toList();
    return new Points(kept.stream().map(x::get).toList(), kept.stream().map(y::get).toList());
  }

  /**
   * Centred moving average over a tenth of the points, in both coordinates: it shows the trend that
   * the noise of single steps hides.
   */
  Points smoothed() {
    int radius = Math.max(1, x.size() / 20);
    return new Points(average(x, radius), average(y, radius));
  }

  boolean isEmpty() {
    return x.isEmpty();
  }

  DoubleStream heights() {
    return y.stream().mapToDouble(Double::doubleValue);
  }

  private static List<Double> average(List<Double> values, int radius) {
    return IntStream.range(0, values.size())
        .mapToObj(
            i -> {
              // The window shrinks evenly at both ends, so that the ends do not shift.
              int reach = Math.min(radius, Math.min(i, values.size() - 1 - i));
              return values.subList(i - reach, i + reach + 1).stream()
                  .mapToDouble(Double::doubleValue)
                  .average()
                  .orElseThrow();
            })
        .toList();
  }
}
