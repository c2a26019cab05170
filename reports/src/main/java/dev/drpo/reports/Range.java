package dev.drpo.reports;

import java.util.stream.DoubleStream;

/** The stretch of an axis that a chart shows. */
record Range(double low, double high) {
  /** From 0 to a little above the largest value, so that lengths of curves compare by eye. */
  static Range fromZero(DoubleStream values) {
    double high = values.filter(Double::isFinite).max().orElse(1);
    return new Range(0, high > 0 ? high * 1.08 : 1);
  }

  /** From 0, or a little below the smallest value where that is negative, to above the largest. */
  static Range aroundZero(double[] values) {
    Range above = fromZero(DoubleStream.of(values));
    double low = DoubleStream.of(values).filter(Double::isFinite).min().orElse(0);
    return new Range(Math.min(0, low * 1.08), above.high());
  }
}
