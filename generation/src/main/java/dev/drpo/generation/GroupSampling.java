package dev.drpo.generation;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A group on its way: completes with its responses. Cancelling it gives its slots back. Safe for
 * use by many threads.
 */
public final class GroupSampling extends CompletableFuture<SampledGroup> {
  private final Set<Integer> stopped = ConcurrentHashMap.newKeySet();

  /** On its way; whoever samples it completes it. */
  public GroupSampling() {}

  /**
   * Ends one response after the token that is being drawn, as a stop token would, and gives its
   * slot back; the others go on. Nothing happens if it has ended.
   */
  public void stop(int sample) {
    stopped.add(sample);
  }

  /** Whether one response was ended by {@link #stop}. */
  public boolean isStopped(int sample) {
    return !stopped.isEmpty() && stopped.contains(sample);
  }
}
