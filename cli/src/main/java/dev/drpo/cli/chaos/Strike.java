package dev.drpo.cli.chaos;

import java.time.Duration;

/**
 * A fault and its moment. Moments are tied to how far the run is and not to the clock, so that a
 * slow machine is struck where a quick one is.
 *
 * @param groups training groups that are scored by then, from the run's start on
 * @param delay after that
 */
record Strike(int groups, Duration delay, Fault fault) {
  /**
   * For a person.
   *
   * @param promptsPerStep groups of a step
   */
  String description(int promptsPerStep) {
    if (fault instanceof Fault.LoseData) {
      return fault.description();
    }
    return "after group %d of step %d, %d ms later: %s"
        .formatted(
            groups % promptsPerStep,
            groups / promptsPerStep + 1,
            delay.toMillis(),
            fault.description());
  }
}
