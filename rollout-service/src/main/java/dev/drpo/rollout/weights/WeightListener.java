package dev.drpo.rollout.weights;

import java.time.Duration;

/** Hears what becomes of weight updates, on whichever thread it happens. */
public interface WeightListener {
  /**
   * A snapshot was fetched.
   *
   * @param bytes that came in this attempt
   * @param time from the request to the verified file
   */
  void fetched(long bytes, Duration time);

  /**
   * Patches were applied, one or several at once.
   *
   * @param bytes of the patches
   * @param time to apply and to verify them
   */
  void patched(long bytes, Duration time);

  /** An update or a part of it was of no use or could not be got; another way is taken. */
  void setBack();

  /**
   * The first token was drawn with new weights.
   *
   * @param sinceAnnounced by the clocks of learner and replica
   */
  void firstToken(Duration sinceAnnounced);

  /**
   * New weights are in use everywhere.
   *
   * @param sinceAnnounced by the clocks of learner and replica
   */
  void inUse(Duration sinceAnnounced);
}
