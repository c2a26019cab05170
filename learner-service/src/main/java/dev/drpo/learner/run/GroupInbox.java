package dev.drpo.learner.run;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reports.Evaluation;
import dev.drpo.runtime.messaging.LostLogException;
import dev.drpo.runtime.messaging.RecordLog;
import java.time.Duration;
import java.util.ArrayList;
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
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Scored groups as they arrive, the first of each identity; later ones are counted and dropped. The
 * learner's own thread reads the logs whenever it waits, so nothing here is concurrent.
 *
 * <p>Training groups are kept whole until their step is done. Of an evaluation's groups only what
 * is found of each response is kept: there are many more of them than of a step's, and nobody needs
 * their tokens.
 */
final class GroupInbox {
  private static final Logger LOG = Logger.getLogger(GroupInbox.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STALL_NOTICE = Duration.ofMinutes(1);

  private final PositionedLog<ScoredGroup> scored;
  private final PositionedLog<DeadLetter> deadLetters;
  private final RunCounters counters;
  private final Runnable vigil;
  private final Runnable arrival;
  private final LongSupplier nanoTime;
  private Map<Integer, Long> countedUpTo;
  private final Map<GroupKey, Arrival<ScoredGroup>> training = new HashMap<>();
  private final Map<GroupKey, Arrival<Evaluated>> evaluation = new HashMap<>();
  private final Set<GroupKey> buried = new HashSet<>();
  private final Set<Long> evaluated = new HashSet<>();
  private Predicate<DeadLetter> outdated = _ -> false;
  private String configuration = "";
  private Sightings sightings = new Sightings();
  private boolean toldOfStrangers;
  private long firstUntrainedStep;
  private int logsLost;

  /**
   * What is kept of an evaluation's group.
   *
   * @param responses what is found of each
   * @param sampledBy the weights behind their tokens
   */
  record Evaluated(List<Evaluation.Response> responses, Set<PolicyVersion> sampledBy) {}

  /** What is done about groups that do not arrive. */
  interface Look {
    /**
     * Called while groups are missing.
     *
     * @param silence since the last of them arrived
     */
    void after(Duration silence) throws InterruptedException;
  }

  private record Arrival<T>(int partition, long offset, T content) {}

  /**
   * Reads on where a checkpoint left off.
   *
   * @param vigil called again and again while somebody waits; throws if that is in vain
   * @param arrival told of each record that is read
   * @param countedUpTo log positions at the checkpoint: records before them are in its counters
   * @param firstUntrainedStep training groups of earlier steps are done with
   */
  GroupInbox(
      PositionedLog<ScoredGroup> scored,
      PositionedLog<DeadLetter> deadLetters,
      RunCounters counters,
      Runnable vigil,
      Runnable arrival,
      Map<Integer, Long> countedUpTo,
      long firstUntrainedStep) {
    this(
        scored,
        deadLetters,
        counters,
        vigil,
        arrival,
        System::nanoTime,
        countedUpTo,
        firstUntrainedStep);
  }

  /**
   * The same by another clock.
   *
   * @param nanoTime a clock that never jumps, in nanoseconds
   */
  GroupInbox(
      PositionedLog<ScoredGroup> scored,
      PositionedLog<DeadLetter> deadLetters,
      RunCounters counters,
      Runnable vigil,
      Runnable arrival,
      LongSupplier nanoTime,
      Map<Integer, Long> countedUpTo,
      long firstUntrainedStep) {
    this.nanoTime = nanoTime;
    this.scored = scored;
    this.deadLetters = deadLetters;
    this.counters = counters;
    this.vigil = vigil;
    this.arrival = arrival;
    this.countedUpTo = Map.copyOf(countedUpTo);
    this.firstUntrainedStep = firstUntrainedStep;
  }

  /**
   * Counts dead letters of some records, but goes on to wait for their groups.
   *
   * @param which those of records that an earlier process of the run sent for: their tasks are sent
   *     once more
   */
  void disregard(Predicate<DeadLetter> which) {
    outdated = which;
  }

  /**
   * Passes over groups that were asked for under other settings, as if they had never come. Those
   * that do not say are taken.
   *
   * @param digest of the run's settings, as its tasks carry it
   */
  void requireConfiguration(String digest) {
    configuration = digest;
  }

  /** Tells of every group and dead letter that it reads. */
  void tell(Sightings whom) {
    sightings = whom;
  }

  /**
   * Reads everything that is in the logs when a run goes on. Dead letters of earlier processes are
   * counted, but their tasks are tried once more: what was wrong may be mended.
   */
  void catchUp() throws InterruptedException {
    readToTheEnd();
    buried.clear();
  }

  /** Reads everything that is in the logs already. */
  void readToTheEnd() throws InterruptedException {
    readToTheEnd(scored, () -> poll(POLL));
    readToTheEnd(deadLetters, () -> readDeadLetters(POLL));
  }

  private interface Reading {
    void go() throws InterruptedException;
  }

  private void readToTheEnd(PositionedLog<?> log, Reading reading) throws InterruptedException {
    int losses;
    do {
      losses = logsLost;
      Map<Integer, Long> ends = log.endOffsets();
      if (behind(ends, log.positions())) {
        // What ends before it was read to is another log, which reading finds out.
        reading.go();
      }
      while (losses == logsLost && behind(log.positions(), ends)) {
        reading.go();
      }
      // The end of a log that was lost meanwhile may never be reached in the one after it.
    } while (losses != logsLost);
  }

  private static boolean behind(Map<Integer, Long> positions, Map<Integer, Long> others) {
    return others.entrySet().stream()
        .anyMatch(other -> positions.getOrDefault(other.getKey(), 0L) < other.getValue());
  }

  /** Whether a group has arrived, scored or as a dead letter. */
  boolean has(GroupKey key) {
    return training.containsKey(key) || evaluation.containsKey(key) || buried.contains(key);
  }

  /**
   * Waits until every key has a scored group or is a dead letter.
   *
   * @param onArrival told how many of the keys are there, whenever it may have changed
   * @param every how long none of them arrives before somebody looks after them, each time
   */
  void await(Collection<GroupKey> keys, Consumer<Integer> onArrival, Duration every, Look look)
      throws InterruptedException {
    int there = count(keys);
    onArrival.accept(there);
    long lastArrival = nanoTime.getAsLong();
    long lastLook = lastArrival;
    long lastNotice = lastArrival;
    while (there < keys.size()) {
      vigil.run();
      if (nanoTime.getAsLong() - lastLook >= every.toNanos()) {
        look.after(Duration.ofNanos(nanoTime.getAsLong() - lastArrival));
        lastLook = nanoTime.getAsLong();
      }
      if (nanoTime.getAsLong() - lastNotice > STALL_NOTICE.toNanos()) {
        GroupKey missing = keys.stream().filter(key -> !has(key)).findFirst().orElseThrow();
        LOG.warnf(
            "no group arrived for %d s; waiting for %d of %d, such as %s: check that rollout and"
                + " reward replicas run and are ready",
            TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - lastArrival),
            keys.size() - there,
            keys.size(),
            missing);
        lastNotice = nanoTime.getAsLong();
      }
      if (count(keys) == there) {
        poll(POLL);
      }
      int now = count(keys);
      if (now != there) {
        there = now;
        onArrival.accept(there);
        lastArrival = nanoTime.getAsLong();
        lastLook = lastArrival;
        lastNotice = lastArrival;
      }
    }
  }

  private int count(Collection<GroupKey> keys) {
    return (int) keys.stream().filter(this::has).count();
  }

  /** A training group that has arrived, or empty if it became a dead letter. */
  Optional<ScoredGroup> get(GroupKey key) {
    return Optional.ofNullable(training.get(key)).map(Arrival::content);
  }

  /** An evaluation group that has arrived, or empty if it became a dead letter. */
  Optional<Evaluated> evaluated(GroupKey key) {
    return Optional.ofNullable(evaluation.get(key)).map(Arrival::content);
  }

  /** Drops an arrived group that can't be used, so that another of its identity is accepted. */
  void refuse(GroupKey key) {
    training.remove(key);
    evaluation.remove(key);
  }

  /**
   * Forgets a training step's groups, and counts whatever else arrives for it as duplicates. The
   * policy that it started from is gone, so that its evaluation is forgotten too.
   */
  void finishStep(long step) {
    firstUntrainedStep = step + 1;
    training.keySet().removeIf(key -> key.step() <= step);
    evaluation.keySet().removeIf(key -> key.step() <= step);
  }

  /** Forgets the groups of a policy step's evaluation, and whatever else arrives for it. */
  void finishEvaluation(long policyStep) {
    evaluated.add(policyStep);
    evaluation.keySet().removeIf(key -> key.step() == policyStep);
  }

  /** Where a restarted learner must read on so that no untrained group is missed. */
  Map<Integer, Long> resumeOffsets() {
    Map<Integer, Long> offsets = new TreeMap<>(scored.positions());
    Stream.concat(training.values().stream(), evaluation.values().stream())
        .forEach(waiting -> offsets.merge(waiting.partition(), waiting.offset(), Math::min));
    return offsets;
  }

  /** How far the log has been read. */
  Map<Integer, Long> positions() {
    return new TreeMap<>(scored.positions());
  }

  private void poll(Duration timeout) throws InterruptedException {
    List<RecordLog.Entry<ScoredGroup>> entries = read(scored, timeout);
    entries.forEach(entry -> accept(entry.partition(), entry.offset(), entry.value()));
    readDeadLetters(Duration.ZERO);
  }

  /** Reads on, also after the broker has lost a log; what was lost with it is asked for again. */
  private <T> List<RecordLog.Entry<T>> read(PositionedLog<T> log, Duration timeout)
      throws InterruptedException {
    try {
      return log.poll(timeout);
    } catch (LostLogException e) {
      LOG.warnf(
          "%s; it is read from its beginning, and groups that are missing are asked for again",
          e.getMessage());
      log.startOver();
      logsLost++;
      // Both are positions in topics that are no more.
      countedUpTo = Map.of();
      outdated = _ -> false;
      return List.of();
    }
  }

  private void readDeadLetters(Duration timeout) throws InterruptedException {
    for (RecordLog.Entry<DeadLetter> entry : read(deadLetters, timeout)) {
      DeadLetter letter = entry.value();
      arrival.run();
      counters.deadLetter();
      sightings.buried(letter);
      LOG.warnf("dead letter from %s: %s", letter.getSourceTopic(), letter.getReason());
      if (letter.hasId() && !outdated.test(letter)) {
        buried.add(GroupKey.of(letter.getId()));
      }
    }
  }

  private void accept(int partition, long offset, ScoredGroup group) {
    arrival.run();
    if (isOfOtherSettings(group)) {
      return;
    }
    sightings.sampled(group.getGroup());
    GroupKey key = GroupKey.of(group.getGroup().getId());
    if (key.purpose() == Purpose.PURPOSE_TRAINING) {
      acceptTraining(key, new Arrival<>(partition, offset, group));
    } else if (key.step() >= firstUntrainedStep && !evaluated.contains(key.step())) {
      evaluation.putIfAbsent(key, new Arrival<>(partition, offset, found(group)));
    }
  }

  private boolean isOfOtherSettings(ScoredGroup group) {
    String theirs = group.getGroup().getConfiguration();
    boolean others = !theirs.isEmpty() && !configuration.isEmpty() && !theirs.equals(configuration);
    if (others && !toldOfStrangers) {
      toldOfStrangers = true;
      LOG.warnf(
          "the scored log has groups of a run by this name under other settings (%s, not %s), such"
              + " as %s: they are passed over, and sampled again where they are needed",
          shortened(theirs), shortened(configuration), GroupKey.of(group.getGroup().getId()));
    }
    return others;
  }

  private static String shortened(String digest) {
    return digest.substring(0, Math.min(digest.length(), 12));
  }

  private void acceptTraining(GroupKey key, Arrival<ScoredGroup> arrived) {
    boolean duplicate = key.step() < firstUntrainedStep || training.containsKey(key);
    if (!duplicate) {
      training.put(key, arrived);
    }
    if (arrived.offset() < countedUpTo.getOrDefault(arrived.partition(), 0L)) {
      return;
    }
    if (duplicate) {
      counters.duplicate();
    } else {
      counters.scored(
          arrived.content().getGroup().getRolloutsList().stream()
              .mapToLong(Rollout::getTokensCount)
              .sum());
    }
  }

  /** What is found of a group. */
  private static Evaluated found(ScoredGroup scored) {
    List<Evaluation.Response> responses = new ArrayList<>();
    Set<PolicyVersion> sampledBy = new HashSet<>();
    for (int i = 0; i < scored.getVerdictsCount(); i++) {
      Rollout rollout = scored.getGroup().getRollouts(i);
      responses.add(
          new Evaluation.Response(
              scored.getVerdicts(i).getOutcome() == Outcome.OUTCOME_EQUAL,
              rollout.getTokensCount(),
              rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH));
      rollout.getVersionsList().forEach(span -> sampledBy.add(span.getVersion()));
    }
    return new Evaluated(responses, sampledBy);
  }
}
