package dev.drpo.learner.step;

/**
 * The learning rate as a function of the training step alone, so that a resumed run goes on with
 * the rate that an uninterrupted one has.
 *
 * <p>Over the warm-up it rises linearly, {@code peak * (step + 1) / warmupSteps}. After it, it
 * stays at its peak, or falls along half a cosine: {@code peak / 2 * (1 + cos(pi * progress))},
 * where progress runs from 0 at the end of the warm-up to 1 at the end of the run.
 *
 * @param peak the highest rate
 * @param warmupSteps steps of the warm-up; 0 for none
 * @param decay what comes after it
 * @param steps training steps of the run
 */
public record LearningRate(double peak, int warmupSteps, Decay decay, int steps) {
  /** What becomes of the rate after the warm-up. */
  public enum Decay {
    NONE,
    COSINE
  }

  /** The rate of a training step; the first is 0. */
  public double at(long step) {
    if (step < warmupSteps) {
      return peak * (step + 1) / warmupSteps;
    }
    return switch (decay) {
      case NONE -> peak;
      case COSINE -> {
        double progress = (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps);
        yield peak / 2 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
      }
    };
  }
}
