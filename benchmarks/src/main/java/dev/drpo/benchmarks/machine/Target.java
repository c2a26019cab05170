package dev.drpo.benchmarks.machine;

/** A bound that a figure should keep to. */
public sealed interface Target {
  double bound();

  /** Whether a figure keeps to it. */
  boolean isMetBy(double figure);

  /** The figure should be this much or more. */
  record AtLeast(double bound) implements Target {
    @Override
    public boolean isMetBy(double figure) {
      return figure >= bound;
    }
  }

  /** The figure should be this much or less. */
  record AtMost(double bound) implements Target {
    @Override
    public boolean isMetBy(double figure) {
      return figure <= bound;
    }
  }
}
