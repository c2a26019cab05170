package dev.drpo.cli.sft;

import dev.drpo.policy.sft.FineTuning.StepResult;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Sums steps up to lines for people, of which there is one every so many steps or seconds. */
final class Pace {
  private static final int STEPS_PER_LINE = 20;
  private static final double SECONDS_PER_LINE = 30;

  private final int steps;
  private final int firstStep;
  private double seconds;
  private long tokens;
  private double lineSeconds;
  private double lineLoss;
  private int lineSteps;

  /**
   * Begins to count.
   *
   * @param steps of the whole curriculum
   * @param taken before
   */
  Pace(int steps, int taken) {
    this.steps = steps;
    this.firstStep = taken;
  }

  /** Counts a step; gives a line if it is time for one. */
  Optional<String> line(StepResult step, double stepSeconds) {
    seconds += stepSeconds;
    tokens += step.fed();
    lineSeconds += stepSeconds;
    lineLoss += step.loss();
    lineSteps++;
    boolean due =
        step.step() % STEPS_PER_LINE == 0
            || lineSeconds >= SECONDS_PER_LINE
            || step.step() == steps;
    if (!due) {
      return Optional.empty();
    }
    Duration left =
        Duration.ofSeconds(Math.round(seconds / (step.step() - firstStep) * (steps - step.step())));
    String line =
        String.format(
            Locale.ROOT,
            "step %d/%d  %s  loss %.4f  learning rate %.2e  %,.0f tokens/s  %d min %02d s left",
            step.step(),
            steps,
            step.stage(),
            lineLoss / lineSteps,
            step.learningRate(),
            tokens / Math.max(seconds, 1e-9),
            left.toMinutes(),
            left.toSecondsPart());
    lineSeconds = 0;
    lineLoss = 0;
    lineSteps = 0;
    return Optional.of(line);
  }
}
