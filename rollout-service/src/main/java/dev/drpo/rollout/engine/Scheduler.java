package dev.drpo.rollout.engine;

import dev.drpo.policy.Decoder;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Decides what the next decode step does: swaps weights, starts waiting groups where slots are
 * free, advances every live response. One thread uses it.
 */
final class Scheduler {
  private final Decoder decoder;
  private final LiveRows rows;
  private final WeightUpdatePolicy weightUpdates;
  private final EngineCounters counters;
  private final List<RunningGroup> waiting = new ArrayList<>();
  private final List<RunningGroup> running = new ArrayList<>();
  private WeightUpdate update;
  private PolicyVersion version;

  Scheduler(
      Decoder decoder,
      LiveRows rows,
      PolicyVersion version,
      WeightUpdatePolicy weightUpdates,
      EngineCounters counters) {
    this.decoder = decoder;
    this.rows = rows;
    this.version = version;
    this.weightUpdates = weightUpdates;
    this.counters = counters;
  }

  void enqueue(RunningGroup group) {
    waiting.add(group);
  }

  /** Takes an update; one that still waits will never be applied. */
  void offer(WeightUpdate newer) {
    if (update != null) {
      update.outcome().complete(WeightUpdateOutcome.SUPERSEDED);
    }
    update = newer;
  }

  /** Takes one step; false if there was nothing to decode. */
  boolean advance() {
    forgetAbandoned();
    swapIfDue();
    boolean decoded = startGroups();
    if (!rows.isEmpty()) {
      counters.drew(rows.count());
      finish(rows.advance(version));
      decoded = true;
    }
    counters.stands(version, rows.count(), waiting.size());
    return decoded;
  }

  /** Fails everything that waits or runs. */
  void abandon(RuntimeException cause) {
    waiting.forEach(group -> group.fail(cause));
    running.forEach(group -> group.fail(cause));
    if (update != null) {
      update.outcome().completeExceptionally(cause);
    }
  }

  /** A group whose future is done before its responses are has been cancelled, or has failed. */
  private void forgetAbandoned() {
    waiting.removeIf(RunningGroup::isDone);
    if (running.removeIf(RunningGroup::isDone)) {
      rows.dropDone();
    }
  }

  private void swapIfDue() {
    if (update == null || !weightUpdates.swapsAt(rows.count())) {
      return;
    }
    WeightUpdate due = update;
    update = null;
    try (SafetensorsFile file = due.open()) {
      decoder.replaceWeights(file);
    } catch (RuntimeException e) {
      due.outcome().completeExceptionally(e);
      return;
    }
    version = due.version();
    counters.stands(version, rows.count(), waiting.size());
    due.outcome().complete(WeightUpdateOutcome.APPLIED);
  }

  /**
   * Starts waiting groups in order. One that waits for newer weights lets others pass; one that
   * waits for slots does not, or small groups would starve large ones.
   */
  private boolean startGroups() {
    if (update != null && !weightUpdates.startsGroupsWhileWaiting()) {
      return false;
    }
    boolean startedAny = false;
    for (Iterator<RunningGroup> next = waiting.iterator(); next.hasNext(); ) {
      RunningGroup group = next.next();
      if (!group.mayStartAt(version)) {
        continue;
      }
      if (group.size() > rows.free()) {
        break;
      }
      next.remove();
      running.add(group);
      group.starts();
      counters.drew(group.size());
      finish(rows.start(group, version));
      startedAny = true;
    }
    return startedAny;
  }

  private void finish(List<FinishedRow> finished) {
    for (FinishedRow row : finished) {
      if (row.group().finished(row.sample(), row.response())) {
        running.remove(row.group());
        counters.completed();
        row.group().complete();
      }
    }
  }
}
