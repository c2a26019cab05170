package dev.drpo.generation;

import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a thread's next decode step does: moves on to newer weights, gives free slots and
 * pages to the responses that wait, advances every live one that has room.
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

  /** The group that has begun and waits for more slots or pages; its prompt is in the KV cache, or null. */
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
      int[] advancing = rows.withRoom();
      counters.decoded(advancing.length, rows.positions());
      List<FinishedRow> finished = rows.advance(advancing, policy.version());
      policy.drew();
      finish(finished);
      decoded = true;
    }
    waiting.stands(thread, rows.count() + (partial == null ? 0 : partial.remaining()));
    stands();
    return decoded;
  }

  private void stands() {
    counters.stands(policy.version(), rows.count(), rows.waiting(), rows.positions());
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
    stands();
    buffers.leave(older);
  }

  /** A group whose prompt has to be run, and the pages of its responses that begin. */
  private record Fresh(RunningGroup group, List<PageLedger.Claim> claims) {}

  /** Gives free slots and pages to the group that has begun, then to groups that wait. */
  private boolean begin() {
    List<LiveRows.Admission> admissions = new ArrayList<>();
    List<Fresh> fresh = new ArrayList<>();
    int free = rows.free();
    int freshTokens = 0;
    boolean open = !buffers.hasNewerThan(policy) || weightUpdates.startsGroupsWhileWaiting();
    int freePrompts = rows.freePrompts();
    if (partial != null) {
      boolean place = partialPrompt != null || freePrompts > 0;
      List<PageLedger.Claim> claims = rows.claim(partial, place ? free : 0);
      free -= claims.size();
      open &= claims.size() == partial.remaining();
      if (partialPrompt != null && !claims.isEmpty()) {
        admissions.add(new LiveRows.Admission(partial, partialPrompt, claims));
      } else if (!claims.isEmpty()) {
        // New weights have made its prompt stale: it is run again for what remains of the group.
        fresh.add(new Fresh(partial, claims));
      }
    }
    while (open
        && free > 0
        && fresh.size() < freePrompts
        && freshTokens < PREFILL_TOKENS
        && rows.admitsAny()) {
      Optional<RunningGroup> next = waiting.take(thread, policy.version());
      if (next.isEmpty()) {
        break;
      }
      RunningGroup group = next.get();
      group.starts();
      running.add(group);
      List<PageLedger.Claim> claims = rows.claim(group, free);
      fresh.add(new Fresh(group, claims));
      free -= claims.size();
      open = claims.size() == group.remaining();
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

  private void admit(List<Fresh> fresh, List<LiveRows.Admission> admissions) {
    if (fresh.isEmpty()) {
      return;
    }
    List<PrefilledPrompt> prompts = rows.prefill(fresh.stream().map(Fresh::group).toList());
    for (int i = 0; i < fresh.size(); i++) {
      admissions.add(
          new LiveRows.Admission(fresh.get(i).group(), prompts.get(i), fresh.get(i).claims()));
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
