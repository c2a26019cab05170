package dev.drpo.learner.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Points of a curve in drawing order. Points with a coordinate that does not exist are left out.
 */
record Points(double[] x, double[] y) {
  static Points of(
      List<StepMetrics> steps, ToDoubleFunction<StepMetrics> x, ToDoubleFunction<StepMetrics> y) {
    List<StepMetrics> known =
        steps.stream()
            .filter(
                step ->
                    Double.isFinite(x.applyAsDouble(step))
                        && Double.isFinite(y.applyAsDouble(step)))
            .toList();
    return new Points(
        known.stream().mapToDouble(x).toArray(), known.stream().mapToDouble(y).toArray());
  }

  /** A horizontal line. */
  static Points level(Range stretch, double value) {
    return new Points(new double[] {stretch.low(), stretch.high()}, new double[] {value, value});
  }

  /** At most so many of the points, evenly spread. */
  Points thinned(int most) {
    int stride = Math.max(1, Math.ceilDiv(x.length, most));
    int[] kept = IntStream.iterate(0, i -> i < x.length, i -> i + stride).toArray();
    return new Points(
        IntStream.of(kept).mapToDouble(i -> x[i]).toArray(),
        IntStream.of(kept).mapToDouble(i -> y[i]).toArray());
  }

  /**
   * Centred moving average over a tenth of the points, in both coordinates: it shows the trend that
   * the noise of single steps hides.
   */
  Points smoothed() {
    int radius = Math.max(1, x.length / 20);
    return new Points(average(x, radius), average(y, radius));
  }

  boolean isEmpty() {
    return x.length == 0;
  }

  private static double[] average(double[] values, int radius) {
    return IntStream.range(0, values.length)
        .mapToDouble(
            i -> {
              // The window shrinks evenly at both ends, so that the ends do not shift.
              int reach = Math.min(radius, Math.min(i, values.length - 1 - i));
              return DoubleStream.of(values)
                  .skip(i - reach)
                  .limit(2L * reach + 1)
                  .average()
                  .orElseThrow();
            })
        .toArray();
  }
}
