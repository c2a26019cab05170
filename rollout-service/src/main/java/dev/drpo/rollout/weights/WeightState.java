package dev.drpo.rollout.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;

/** How a replica's weights stand to the weight log. */
public sealed interface WeightState {
  /**
   * Whether the replica may be sent work. It may while an update is on its way as it should be; it
   * may not before it has caught up after its start, and not while updates fail.
   */
  boolean ready();

  /** The log has not been read to the end it had when this replica started. */
  record Replaying() implements WeightState {
    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public String toString() {
      return "the weight log is being replayed";
    }
  }

  /** This replica started late and does not have the newest weights yet. */
  record CatchingUp(PolicyVersion target) implements WeightState {
    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public String toString() {
      return "weights " + target + " are being fetched for the first time";
    }
  }

  /** The newest announced weights are in use; without an announcement, the starting policy. */
  record Current(PolicyVersion version) implements WeightState {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public String toString() {
      return "weights " + version + " are current";
    }
  }

  /** Newer weights are being fetched, or wait for running groups to finish. */
  record Updating(PolicyVersion current, PolicyVersion target) implements WeightState {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public String toString() {
      return "weights " + target + " are about to replace " + current;
    }
  }

  /** The last attempt to get the newest weights failed; the next one follows. */
  record Failing(String reason) implements WeightState {
    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public String toString() {
      return reason;
    }
  }
}
