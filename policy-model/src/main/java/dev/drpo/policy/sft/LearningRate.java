package dev.drpo.policy.sft;

/**
 * The learning rate over a number of steps: it falls from its peak along a shape, and over the
 * first steps it is also scaled up linearly.
 *
 * @param peak above 0
 * @param warmUpSteps over which it rises; 0 for none
 * @param floor share of the peak that the shape falls to, in [0, 1]
 */
public record LearningRate(double peak, Shape shape, int warmUpSteps, double floor) {
  /** What is left of the peak, as a function of the share of steps that were taken. */
  public enum Shape {
    CONSTANT,
    LINEAR,
    /** Half a cosine. */
    COSINE;

    private double at(double progress) {
      return switch (this) {
        case CONSTANT -> 1;
        case LINEAR -> 1 - progress;
        // StrictMath gives the same bits on every machine.
        case COSINE -> 0.5 + 0.5 * StrictMath.cos(Math.PI * progress);
      };
    }
  }

  public LearningRate {
    if (!(peak > 0 && Double.isFinite(peak))) {
      throw new IllegalArgumentException(
          "learning-rate is " + peak + "; it must be above 0 and finite");
    }
    if (warmUpSteps < 0) {
      throw new IllegalArgumentException("warm-up is " + warmUpSteps + "; it must be 0 or more");
    }
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("floor is " + floor + "; it must be in [0, 1]");
    }
  }

  /**
   * The rate of one of some steps.
   *
   * @param step in [0, steps)
   */
  public double at(int step, int steps) {
    double ramp = warmUpSteps == 0 ? 1 : Math.min(1, (step + 1.0) / warmUpSteps);
    return peak * ramp * (floor + (1 - floor) * shape.at((double) step / steps));
  }
}
