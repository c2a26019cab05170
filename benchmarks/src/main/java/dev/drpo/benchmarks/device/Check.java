package dev.drpo.benchmarks.device;

/**
 * A figure that must not be above a bound. One that is no number is above every bound.
 *
 * @param name what was measured
 * @param value in the unit
 * @param most the bound, in the unit
 * @param unit such as nats; empty for a ratio
 * @param passed whether the figure keeps to the bound
 * @param meaning what the figure says
 * @param reason where the bound comes from
 */
public record Check(
    String name,
    double value,
    double most,
    String unit,
    boolean passed,
    String meaning,
    String reason) {
  static Check atMost(
      String name, double value, double most, String unit, String meaning, String reason) {
    return new Check(name, value, most, unit, value <= most, meaning, reason);
  }
}
