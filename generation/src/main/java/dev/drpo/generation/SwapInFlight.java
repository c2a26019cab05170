package dev.drpo.generation;

/**
 * Weights are replaced between two decode steps; no slot stands idle. Tokens carry their own
 * version, and keys and values of earlier tokens stay those of the old weights.
 */
public record SwapInFlight() implements WeightUpdatePolicy {
  @Override
  public boolean startsGroupsWhileWaiting() {
    return true;
  }

  @Override
  public boolean swapsAt(int liveRows) {
    return true;
  }
}
