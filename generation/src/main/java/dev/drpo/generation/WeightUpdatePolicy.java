package dev.drpo.generation;

/** When new weights replace the old ones under running responses. */
public interface WeightUpdatePolicy {
  /** Whether new groups may start while an update waits. */
  boolean startsGroupsWhileWaiting();

  /** Whether a waiting update is applied now, with so many responses in the middle. */
  boolean swapsAt(int liveRows);
}
