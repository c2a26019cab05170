package dev.drpo.learner.run;

/** Time that a run has taken, over all the processes that worked on it. Monotonic. */
final class RunClock {
  /** Weight of the newest step in the moving average that predicts the time left. */
  private static final double NEWEST = 0.2;

  private final double earlierWallSeconds;
  private final double earlierTrainingSeconds;
  private final long started = System.nanoTime();
  private long trainingStarted;
  private double finishedTrainingSeconds;
  private boolean training;
  private double meanStepSeconds = Double.NaN;

  RunClock(double earlierWallSeconds, double earlierTrainingSeconds) {
    this.earlierWallSeconds = earlierWallSeconds;
    this.earlierTrainingSeconds = earlierTrainingSeconds;
  }

  void enterTraining() {
    trainingStarted = System.nanoTime();
    training = true;
  }

  void leaveTraining() {
    finishedTrainingSeconds += (System.nanoTime() - trainingStarted) / 1e9;
    training = false;
  }

  void stepTook(double seconds) {
    meanStepSeconds =
        Double.isNaN(meanStepSeconds)
            ? seconds
            : meanStepSeconds + NEWEST * (seconds - meanStepSeconds);
  }

  double secondsLeft(long steps) {
    return steps * meanStepSeconds;
  }

  double wallSeconds() {
    return earlierWallSeconds + (System.nanoTime() - started) / 1e9;
  }

  double trainingSeconds() {
    double present = training ? (System.nanoTime() - trainingStarted) / 1e9 : 0;
    return earlierTrainingSeconds + finishedTrainingSeconds + present;
  }
}
