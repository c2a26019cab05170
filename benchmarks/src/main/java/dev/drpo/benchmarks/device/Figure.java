package dev.drpo.benchmarks.device;

/**
 * A figure that nothing is asked of.
 *
 * @param name what was measured
 * @param value in the unit
 * @param unit such as tokens/s; empty for a ratio
 * @param meaning what the figure says
 */
public record Figure(String name, double value, String unit, String meaning) {}
