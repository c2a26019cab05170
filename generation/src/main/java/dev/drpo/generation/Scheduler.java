package dev.drpo.generation;

import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a thread's next decode step does: moves on to newer weights, gives free slots to the
 * responses that wait, advances every live one.
 */
final class Scheduler {
  /** Prompts of groups that start together run in passes of about so many tokens. */
  private static final int PREFILL_TOKENS = 8192;

  private final int thread;
  private final PolicySampler sampler;
  private final LiveRows rows;
  private final WaitingGroups waiting;
  private final PolicyBuffers buffers;
  private final WeightUpdatePolicy weightUpdates;
  private final EngineCounters counters;
  private final List<RunningGroup> running = new ArrayList<>();
  private PolicyBuffers.Buffer policy;

  /** The group that has begun and waits for more slots; its prompt is in the KV cache, or null. */
  private RunningGroup partial;

  private PrefilledPrompt partialPrompt;

  Scheduler(
      int thread,
      PolicySampler sampler,
      LiveRows rows,
      WaitingGroups waiting,
      PolicyBuffers buffers,
      PolicyBuffers.Buffer policy,
      WeightUpdatePolicy weightUpdates,
      EngineCounters counters) {
    this.thread = thread;
    this.sampler = sampler;
    this.rows = rows;
    this.waiting = waiting;
    this.buffers = buffers;
    this.policy = policy;
    this.weightUpdates = weightUpdates;
    this.counters = counters;
  }

  /** Takes one step; false if there was nothing to decode. */
  boolean advance() {
    forgetAbandoned();
    moveOnIfDue();
    boolean decoded = begin();
    if (rows.count() > 0) {
      counters.decoded(rows.count());
      List<FinishedRow> finished = rows.advance(policy.version());
      policy.drew();
      finish(finished);
      decoded = true;
    }
    waiting.stands(thread, rows.count() + (partial == null ? 0 : partial.remaining()));
    counters.stands(policy.version(), rows.count());
    return decoded;
  }

  /** Fails everything that runs. */
  void abandon(RuntimeException cause) {
    running.forEach(group -> group.fail(cause));
  }

  /** A group whose future is done before its responses are has been cancelled, or has failed. */
  private void forgetAbandoned() {
    waiting.forgetDone();
    if (running.removeIf(RunningGroup::isDone)) {
      rows.dropDone();
      if (partial != null && partial.isDone()) {
        endAdmission();
      }
    }
  }

  private void moveOnIfDue() {
    // A group that has begun counts as running, though none of its responses may be live just now.
    int inHand = rows.count() + (partial == null ? 0 : partial.remaining());
    if (!buffers.hasNewerThan(policy) || !weightUpdates.swapsAt(inHand)) {
      return;
    }
    PolicyBuffers.Buffer older = policy;
    policy = buffers.join();
    sampler.decoder().share(policy.decoder());
    dropPartialPrompt();
    // Who hears that weights are in use must not see the older ones here.
    counters.stands(policy.version(), rows.count());
    buffers.leave(older);
  }

  /** Gives free slots to the group that has begun, then to groups that wait. */
  private boolean begin() {
    List<LiveRows.Admission> admissions = new ArrayList<>();
    List<RunningGroup> fresh = new ArrayList<>();
    int free = rows.free();
    int freshTokens = 0;
    boolean open = !buffers.hasNewerThan(policy) || weightUpdates.startsGroupsWhileWaiting();
    if (partial != null && partialPrompt != null && free > 0) {
      int responses = Math.min(free, partial.remaining());
      admissions.add(new LiveRows.Admission(partial, partialPrompt, responses));
      free -= responses;
    } else if (partial != null && free > 0) {
      // New weights have made its prompt stale: it is run again for what remains of the group.
      fresh.add(partial);
      free -= Math.min(free, partial.remaining());
    }
    while (open && free > 0 && freshTokens < PREFILL_TOKENS) {
      Optional<RunningGroup> next = waiting.take(thread, policy.version());
      if (next.isEmpty()) {
        break;
      }
      RunningGroup group = next.get();
      group.starts();
      running.add(group);
      fresh.add(group);
      free -= Math.min(free, group.remaining());
      freshTokens += group.request().prompt().length;
    }
    admit(fresh, admissions);
    if (admissions.isEmpty()) {
      return false;
    }
    counters.drew(admissions.stream().mapToInt(LiveRows.Admission::responses).sum());
    List<FinishedRow> finished = rows.begin(admissions, policy.version());
    policy.drew();
    admissions.forEach(this::settle);
    finish(finished);
    return true;
  }

  private void admit(List<RunningGroup> fresh, List<LiveRows.Admission> admissions) {
    if (fresh.isEmpty()) {
      return;
    }
    int free = rows.free() - admissions.stream().mapToInt(LiveRows.Admission::responses).sum();
    List<PrefilledPrompt> prompts = rows.prefill(fresh);
    for (int i = 0; i < fresh.size(); i++) {
      int responses = Math.min(free, fresh.get(i).remaining());
      admissions.add(new LiveRows.Admission(fresh.get(i), prompts.get(i), responses));
      free -= responses;
    }
  }

  /** Closes the prompt of a group that has all its slots; keeps that of the one that has not. */
  private void settle(LiveRows.Admission admission) {
    if (admission.group().remaining() > 0) {
      partial = admission.group();
      partialPrompt = admission.prompt();
    } else {
      rows.close(admission.prompt());
      if (partial == admission.group()) {
        partial = null;
        partialPrompt = null;
      }
    }
  }

  private void endAdmission() {
    dropPartialPrompt();
    partial = null;
  }

  private void dropPartialPrompt() {
    if (partialPrompt != null) {
      rows.close(partialPrompt);
      partialPrompt = null;
    }
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
