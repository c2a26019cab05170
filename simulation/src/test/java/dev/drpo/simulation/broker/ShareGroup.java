package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What the broker knows of the workers of a topic of one partition: who holds which record until
 * when, and how often each was delivered.
 */
final class ShareGroup {
  private final Topic topic;
  private final Scheduler scheduler;
  private final Chance chance;
  private final Duration lease;
  private final int mostDeliveries;
  private final boolean expires;
  private final Map<Long, State> states = new HashMap<>();
  private final Set<Object> members = new HashSet<>();
  private long firstOpen;
  private long notedFirstOpen;

  private static final class State {
    private Object holder;
    private int deliveries;
    private int acquisitions;
    private boolean done;
  }

  /** A record that a worker holds. */
  record Acquired(Topic.Entry entry, int delivery) {}

  ShareGroup(
      Topic topic,
      Scheduler scheduler,
      Chance chance,
      Duration lease,
      int mostDeliveries,
      boolean expires) {
    this.topic = topic;
    this.scheduler = scheduler;
    this.chance = chance;
    this.lease = lease;
    this.mostDeliveries = mostDeliveries;
    this.expires = expires;
  }

  Topic topic() {
    return topic;
  }

  void join(Object member) {
    members.add(member);
  }

  /** Leases one of the first records that nobody holds. */
  Optional<Acquired> acquire(Object member) {
    skipDone();
    for (long offset = firstOpen; offset < topic.end(0); offset++) {
      State state = states.computeIfAbsent(offset, _ -> new State());
      // Workers fetch side by side, so that records may pass each other.
      if (state.done || state.holder != null || chance.odds(0.1)) {
        continue;
      }
      state.holder = member;
      state.deliveries++;
      expireLater(state);
      return Optional.of(new Acquired(topic.get(0, offset), state.deliveries));
    }
    return Optional.empty();
  }

  /** Whether there is a record that nobody holds. */
  boolean hasWork() {
    skipDone();
    for (long offset = firstOpen; offset < topic.end(0); offset++) {
      State state = states.get(offset);
      if (state == null || (!state.done && state.holder == null)) {
        return true;
      }
    }
    return false;
  }

  private void skipDone() {
    firstOpen = Math.max(firstOpen, topic.start(0));
    for (State state = states.get(firstOpen);
        state != null && state.done;
        state = states.get(firstOpen)) {
      states.remove(firstOpen);
      firstOpen++;
    }
  }

  private void expireLater(State state) {
    int acquisition = ++state.acquisitions;
    if (expires) {
      scheduler.after(
          lease,
          () -> {
            if (state.holder != null && state.acquisitions == acquisition) {
              giveBack(state);
            }
          });
    }
  }

  private void giveBack(State state) {
    state.holder = null;
    state.acquisitions++;
    // At its own limit the broker drops a record without a word.
    state.done = state.deliveries >= mostDeliveries;
    topic.news().spread();
  }

  private Optional<State> held(Object member, long offset) {
    return Optional.ofNullable(states.get(offset)).filter(state -> state.holder == member);
  }

  /** Ends a lease and the record with it; false if the member does not hold it any more. */
  boolean finish(Object member, long offset) {
    Optional<State> held = held(member, offset);
    held.ifPresent(
        state -> {
          state.holder = null;
          state.acquisitions++;
          state.done = true;
          notedFirstOpen = firstOpen;
          skipDone();
        });
    return held.isPresent();
  }

  /** Ends a lease for others to take the record; false if the member does not hold it any more. */
  boolean release(Object member, long offset) {
    Optional<State> held = held(member, offset);
    held.ifPresent(this::giveBack);
    return held.isPresent();
  }

  /** Begins a lease anew; false if the member does not hold it any more. */
  boolean renew(Object member, long offset) {
    Optional<State> held = held(member, offset);
    held.ifPresent(state -> expireLater(state));
    return held.isPresent();
  }

  /** The end of a member's connection. The last one may take the group's memory with it. */
  void leave(Object member) {
    members.remove(member);
    states.values().stream()
        .filter(state -> state.holder == member)
        .toList()
        .forEach(this::giveBack);
    if (members.isEmpty() && chance.odds(0.5)) {
      states.values().forEach(state -> state.deliveries = 0);
    }
  }

  /** A broker that starts anew knows what is done, and nothing of leases. */
  void forgetLeases() {
    states.values().stream()
        .filter(state -> !state.done)
        .forEach(
            state -> {
              state.holder = null;
              state.acquisitions++;
              state.deliveries = 0;
            });
    topic.news().spread();
  }

  /** The first record that may still be delivered, as the broker noted it before the last one. */
  long notedFirstOpen() {
    return notedFirstOpen;
  }

  /** How many records may still be delivered to somebody. */
  long open() {
    return LongStream.range(0, topic.end(0)).filter(this::isOpen).count();
  }

  /** Whether a record may still be delivered to somebody. */
  boolean isOpen(long offset) {
    skipDone();
    State state = states.get(offset);
    return offset >= firstOpen && (state == null || !state.done);
  }
}
