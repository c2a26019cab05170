package dev.drpo.objectives;

import java.util.Arrays;

/** How much better than its group a response is, from the group's rewards. */
final class Advantages {
  /**
   * What verl, on which most authors' code builds, adds to a deviation of rewards: differences that
   * are much smaller than it, such as those of rounding, have small advantages.
   */
  static final double FLOOR = 1e-6;

  private Advantages() {}

  /**
   * (r - mean) / deviation. The deviation is the sample's, over n - 1, as the common
   * implementations have it. Equal rewards have no advantage: dividing rounding errors by a tiny
   * deviation would invent one.
   */
  static double[] standardised(double[] rewards) {
    return standardised(rewards, 0);
  }

  /**
   * (r - mean) / (deviation + floor), so that rewards which hardly differ have small advantages.
   *
   * @param floor in the rewards' unit; 0 for none
   */
  static double[] standardised(double[] rewards, double floor) {
    double deviation = deviation(rewards) + floor;
    return Arrays.stream(centred(rewards))
        .map(advantage -> deviation == 0 ? 0 : advantage / deviation)
        .toArray();
  }

  /** r - mean. */
  static double[] centred(double[] rewards) {
    if (allEqual(rewards)) {
      return new double[rewards.length];
    }
    double mean = mean(rewards);
    return Arrays.stream(rewards).map(reward -> reward - mean).toArray();
  }

  /** (r - mean) / (deviation + {@link #FLOOR}). */
  static double[] floored(double[] rewards) {
    return standardised(rewards, FLOOR);
  }

  /** r less the mean of the others; zero for one that has no others. */
  static double[] leaveOneOut(double[] rewards) {
    // r - (n mean - r) / (n - 1) = n / (n - 1) (r - mean)
    double scale = rewards.length / Math.max(1.0, rewards.length - 1.0);
    return Arrays.stream(centred(rewards)).map(advantage -> scale * advantage).toArray();
  }

  static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }

  /** The sample's standard deviation, zero where all are equal or there is but one. */
  static double deviation(double[] values) {
    return allEqual(values) ? 0 : Math.sqrt(squares(values) / (values.length - 1));
  }

  /** The standard deviation of these values as a whole population: over n. */
  static double populationDeviation(double[] values) {
    return Math.sqrt(squares(values) / values.length);
  }

  private static double squares(double[] values) {
    return Arrays.stream(centred(values)).map(centred -> centred * centred).sum();
  }

  private static boolean allEqual(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }
}
