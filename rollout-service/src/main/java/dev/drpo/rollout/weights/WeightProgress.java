package dev.drpo.rollout.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;

/** What the follower and the engine have achieved so far, for others to read. */
final class WeightProgress {
  private PolicyVersion inUse;
  private PolicyVersion target;
  private boolean replayed;
  private boolean caughtUp;
  private String trouble;

  WeightProgress(PolicyVersion starting) {
    this.inUse = starting;
    this.target = starting;
  }

  synchronized void announced(PolicyVersion newest) {
    target = newest;
    trouble = null;
    update();
  }

  synchronized void replayed() {
    replayed = true;
    update();
  }

  synchronized void applied(PolicyVersion version) {
    inUse = version;
    update();
  }

  synchronized void failed(String reason) {
    trouble = reason;
  }

  synchronized void works() {
    trouble = null;
  }

  synchronized WeightState state() {
    if (trouble != null) {
      return new WeightState.Failing(trouble);
    }
    if (!replayed) {
      return new WeightState.Replaying();
    }
    if (target.equals(inUse)) {
      return new WeightState.Current(inUse);
    }
    return caughtUp ? new WeightState.Updating(inUse, target) : new WeightState.CatchingUp(target);
  }

  private void update() {
    caughtUp = caughtUp || (replayed && target.equals(inUse));
  }
}
