package dev.drpo.learner.run;

import dev.drpo.learner.weights.Publication;
import java.util.function.IntSupplier;

/**
 * What a learner looks after while it waits for groups: that its publications work, and that the
 * newest weights are announced on a broker that has lost its data. Tasks and groups that were lost
 * are {@link TaskWatch}'s. The learner's thread calls it.
 */
final class TopicRecovery implements Runnable {
  private final IntSupplier losses;
  private final Publication weights;
  private int mended;

  /**
   * Starts with nothing to mend.
   *
   * @param losses how often the broker has lost the run's topics, and has them again
   */
  TopicRecovery(IntSupplier losses, Publication weights) {
    this.losses = losses;
    this.weights = weights;
    this.mended = losses.getAsInt();
  }

  /**
   * Looks.
   *
   * @throws RuntimeException why weights could not be published
   */
  @Override
  public void run() {
    weights.requireWorking();
    int now = losses.getAsInt();
    if (now != mended) {
      mended = now;
      weights.announceAgain();
    }
  }
}
