package dev.drpo.generation;

/** Running groups finish first, so that all tokens of a group have one version. */
public record FinishThenSwap() implements WeightUpdatePolicy {
  @Override
  public boolean startsGroupsWhileWaiting() {
    return false;
  }

  @Override
  public boolean swapsAt(int liveRows) {
    return liveRows == 0;
  }
}
