package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Groups that wait for slots or weights, for the decoding threads to take. */
final class WaitingGroups {
  private final List<RunningGroup> groups = new ArrayList<>();

  /** Responses that each thread has in hand. */
  private final int[] inHand;

  private long changes;
  private EngineStoppedException stopped;

  WaitingGroups(int threads) {
    this.inHand = new int[threads];
  }

  void add(RunningGroup group) {
    EngineStoppedException refusal;
    synchronized (this) {
      refusal = stopped;
      if (refusal == null) {
        groups.add(group);
        changed();
      }
    }
    if (refusal != null) {
      group.fail(refusal);
    }
  }

  /**
   * Takes the first group that the weights allow, so that groups which wait for newer ones let
   * others pass. A thread that has its share of all responses in hand leaves the rest to the
   * others.
   */
  synchronized Optional<RunningGroup> take(int thread, PolicyVersion version) {
    int all = 0;
    for (int responses : inHand) {
      all += responses;
    }
    for (RunningGroup group : groups) {
      all += group.mayStartAt(version) ? group.size() : 0;
    }
    if (inHand[thread] > 0 && (long) inHand[thread] * inHand.length >= all) {
      return Optional.empty();
    }
    for (Iterator<RunningGroup> next = groups.iterator(); next.hasNext(); ) {
      RunningGroup group = next.next();
      if (group.mayStartAt(version) && !group.isDone()) {
        next.remove();
        inHand[thread] += group.size();
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  /** Tells how many responses a thread has in hand. */
  synchronized void stands(int thread, int responses) {
    boolean fewer = responses < inHand[thread];
    inHand[thread] = responses;
    if (fewer && inHand.length > 1 && !groups.isEmpty()) {
      // A share has changed, so that an idle thread may take now what it left before.
      changed();
    }
  }

  /** A group that is done before it started has been cancelled. */
  synchronized void forgetDone() {
    groups.removeIf(RunningGroup::isDone);
  }

  synchronized int size() {
    return groups.size();
  }

  /** How often something changed that a thread may wait for. */
  synchronized long changes() {
    return changes;
  }

  /** Wakes the threads that wait. */
  synchronized void changed() {
    changes++;
    notifyAll();
  }

  /** Waits until there have been more changes than those that were seen. */
  synchronized void awaitChange(long seen) throws InterruptedException {
    while (changes == seen) {
      wait();
    }
  }

  /** Fails all that wait, and all that come. */
  void stop(EngineStoppedException cause) {
    List<RunningGroup> abandoned;
    synchronized (this) {
      if (stopped == null) {
        stopped = cause;
      }
      abandoned = List.copyOf(groups);
      groups.clear();
      changed();
    }
    abandoned.forEach(group -> group.fail(cause));
  }
}
