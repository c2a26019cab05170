package dev.drpo.learner.run;

/**
 * Ends a run in order, without the loss of a step: at once where it waits, and where it learns from
 * a step's groups once that step is in a checkpoint. The run's thread holds on to what it has
 * begun; another thread asks it to stop.
 */
public final class RunStop {
  private boolean asked;
  private boolean held;
  private boolean learning;

  /** A stop that nobody asks for. */
  public RunStop() {}

  /**
   * Asks the run to end.
   *
   * @param run its thread, which is interrupted where it holds on to nothing
   */
  public synchronized void ask(Thread run) {
    asked = true;
    if (!held) {
      run.interrupt();
    }
  }

  /** Whether the run has been asked to end. */
  public synchronized boolean isAsked() {
    return asked;
  }

  /**
   * Whether the run computes what must not be lost; what else it holds on to takes no long time.
   */
  public synchronized boolean isLearning() {
    return learning;
  }

  /**
   * The run begins to learn from a step's groups.
   *
   * @throws InterruptedException if it has been asked to end
   */
  synchronized void beginLearning() throws InterruptedException {
    if (asked) {
      throw new InterruptedException("asked to end");
    }
    held = true;
    learning = true;
  }

  /** The step's learning is done, and not yet kept. */
  synchronized void endLearning() {
    learning = false;
  }

  /**
   * The step is taken. Lets go, unless the run has been asked to end: then it keeps the step and
   * ends.
   *
   * @return whether it has been asked
   */
  synchronized boolean endStep() {
    held = asked;
    return asked;
  }
}
