package dev.drpo.benchmarks.device;

import java.util.List;

/**
 * What came out of an examination.
 *
 * @param device the name of what was examined
 * @param shape the label of the shape
 * @param seconds that it took
 * @param parts in order
 */
public record DeviceReport(String device, String shape, double seconds, List<PartReport> parts) {
  public DeviceReport {
    parts = List.copyOf(parts);
  }

  /** Whether all parts ran and kept to their bounds. */
  public boolean hasPassed() {
    return failed() == 0;
  }

  /** Checks that were not passed, and parts that did not run. */
  public long failed() {
    return parts.stream().mapToLong(PartReport::failed).sum();
  }
}
