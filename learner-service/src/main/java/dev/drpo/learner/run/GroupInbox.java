package dev.drpo.learner.run;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.messaging.RecordLog;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Scored groups as they arrive, the first of each identity; later ones are counted and dropped. The
 * learner's own thread reads the logs whenever it waits, so nothing here is concurrent.
 */
final class GroupInbox {
  private static final Logger LOG = Logger.getLogger(GroupInbox.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STALL_NOTICE = Duration.ofMinutes(1);

  private final PositionedLog<ScoredGroup> scored;
  private final PositionedLog<DeadLetter> deadLetters;
  private final RunCounters counters;
  private final Runnable vigil;
  private final Map<Integer, Long> countedUpTo;
  private final Map<GroupKey, Arrival> waiting = new HashMap<>();
  private final Set<GroupKey> buried = new HashSet<>();
  private final Set<Long> evaluated = new HashSet<>();
  private long firstUntrainedStep;

  private record Arrival(int partition, long offset, ScoredGroup group) {}

  /**
   * Reads on where a checkpoint left off.
   *
   * @param vigil called again and again while somebody waits; throws if that is in vain
   * @param countedUpTo log positions at the checkpoint: records before them are in its counters
   * @param firstUntrainedStep training groups of earlier steps are done with
   */
  GroupInbox(
      PositionedLog<ScoredGroup> scored,
      PositionedLog<DeadLetter> deadLetters,
      RunCounters counters,
      Runnable vigil,
      Map<Integer, Long> countedUpTo,
      long firstUntrainedStep) {
    this.scored = scored;
    this.deadLetters = deadLetters;
    this.counters = counters;
    this.vigil = vigil;
    this.countedUpTo = Map.copyOf(countedUpTo);
    this.firstUntrainedStep = firstUntrainedStep;
  }

  /** Reads everything that is in the logs already. */
  void catchUp() throws InterruptedException {
    Map<Integer, Long> ends = scored.endOffsets();
    while (behind(scored.positions(), ends)) {
      poll(POLL);
    }
    Map<Integer, Long> lastLetters = deadLetters.endOffsets();
    while (behind(deadLetters.positions(), lastLetters)) {
      readDeadLetters(POLL);
    }
  }

  private static boolean behind(Map<Integer, Long> positions, Map<Integer, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue());
  }

  /** Whether a group has arrived, scored or as a dead letter. */
  boolean has(GroupKey key) {
    return waiting.containsKey(key) || buried.contains(key);
  }

  /**
   * Waits until every key has a scored group or is a dead letter.
   *
   * @param onArrival told how many of the keys are there, whenever it may have changed
   */
  void await(Collection<GroupKey> keys, Consumer<Integer> onArrival) throws InterruptedException {
    int there = count(keys);
    onArrival.accept(there);
    long lastArrival = System.nanoTime();
    while (there < keys.size()) {
      vigil.run();
      if (System.nanoTime() - lastArrival > STALL_NOTICE.toNanos()) {
        GroupKey missing = keys.stream().filter(key -> !has(key)).findFirst().orElseThrow();
        LOG.warnf(
            "no group arrived for %d s; waiting for %d of %d, such as %s: check that rollout and"
                + " reward replicas run and are ready",
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastArrival),
            keys.size() - there,
            keys.size(),
            missing);
        lastArrival = System.nanoTime();
      }
      poll(POLL);
      int now = count(keys);
      if (now != there) {
        there = now;
        onArrival.accept(there);
        lastArrival = System.nanoTime();
      }
    }
  }

  private int count(Collection<GroupKey> keys) {
    return (int) keys.stream().filter(this::has).count();
  }

  /** A group that has arrived, or empty if it became a dead letter. */
  Optional<ScoredGroup> get(GroupKey key) {
    return Optional.ofNullable(waiting.get(key)).map(Arrival::group);
  }

  /**
   * Drops an arrived group that can't be used, so that another of the same identity is accepted.
   */
  void refuse(GroupKey key) {
    waiting.remove(key);
  }

  /** Forgets a training step's groups, and counts whatever else arrives for it as duplicates. */
  void finishStep(long step) {
    firstUntrainedStep = step + 1;
    waiting
        .keySet()
        .removeIf(key -> key.purpose() == Purpose.PURPOSE_TRAINING && key.step() <= step);
  }

  /** Forgets the groups of a policy step's evaluation, and whatever else arrives for it. */
  void finishEvaluation(long policyStep) {
    evaluated.add(policyStep);
    waiting
        .keySet()
        .removeIf(key -> key.purpose() == Purpose.PURPOSE_EVALUATION && key.step() == policyStep);
  }

  /** Where a restarted learner must read on so that no untrained group is missed. */
  Map<Integer, Long> resumeOffsets() {
    Map<Integer, Long> offsets = new TreeMap<>(scored.positions());
    for (Arrival arrival : waiting.values()) {
      offsets.merge(arrival.partition(), arrival.offset(), Math::min);
    }
    return offsets;
  }

  /** How far the log has been read. */
  Map<Integer, Long> positions() {
    return new TreeMap<>(scored.positions());
  }

  private void poll(Duration timeout) throws InterruptedException {
    List<RecordLog.Entry<ScoredGroup>> entries = scored.poll(timeout);
    entries.forEach(entry -> accept(entry.partition(), entry.offset(), entry.value()));
    readDeadLetters(Duration.ZERO);
  }

  private void readDeadLetters(Duration timeout) throws InterruptedException {
    for (RecordLog.Entry<DeadLetter> entry : deadLetters.poll(timeout)) {
      DeadLetter letter = entry.value();
      counters.deadLetter();
      LOG.warnf("dead letter from %s: %s", letter.getSourceTopic(), letter.getReason());
      if (letter.hasId()) {
        buried.add(GroupKey.of(letter.getId()));
      }
    }
  }

  private void accept(int partition, long offset, ScoredGroup group) {
    GroupKey key = GroupKey.of(group.getGroup().getId());
    boolean counted = offset < countedUpTo.getOrDefault(partition, 0L);
    boolean training = key.purpose() == Purpose.PURPOSE_TRAINING;
    boolean done = training ? key.step() < firstUntrainedStep : evaluated.contains(key.step());
    boolean duplicate = done || waiting.containsKey(key);
    if (!duplicate) {
      waiting.put(key, new Arrival(partition, offset, group));
    }
    if (training && !counted) {
      if (duplicate) {
        counters.duplicate();
      } else {
        counters.scored(
            group.getGroup().getRolloutsList().stream().mapToLong(Rollout::getTokensCount).sum());
      }
    }
  }
}
