package dev.drpo.learner.run;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.records.GroupDefects;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The logs that groups come back by: scored, or as dead letters. */
record GroupLogs(RecordLog<ScoredGroup> scored, RecordLog<DeadLetter> deadLetters)
    implements AutoCloseable {
  /**
   * Opens both. A scored group with a defect becomes a dead letter.
   *
   * @param offsets of the scored groups to read first, by partition; dead letters are read from the
   *     beginning
   * @param check finds what else makes a group useless to this run
   * @throws dev.drpo.runtime.messaging.MessagingException if a topic does not exist in time
   */
  static GroupLogs open(
      Messaging messaging,
      Map<Integer, Long> offsets,
      Function<RolloutGroup, Optional<String>> check,
      Duration patience)
      throws InterruptedException {
    RecordLog<ScoredGroup> scored =
        RecordLog.open(
            messaging,
            messaging.topics().scored(),
            ScoredGroup.parser(),
            group ->
                GroupDefects.find(group, messaging.run()).or(() -> check.apply(group.getGroup())),
            offsets,
            patience);
    try {
      return new GroupLogs(
          scored,
          RecordLog.open(
              messaging,
              messaging.topics().deadLetters(),
              DeadLetter.parser(),
              Map.of(),
              patience));
    } catch (RuntimeException | InterruptedException e) {
      scored.close();
      throw e;
    }
  }

  /**
   * What arrives by them.
   *
   * @param vigil called again and again while somebody waits; throws if that is in vain
   * @param arrival told of each record that is read
   * @param nanoTime a clock that never jumps, in nanoseconds
   * @param traces takes note of scored groups as they are read
   */
  GroupInbox inbox(
      RunCounters counters,
      Runnable vigil,
      Runnable arrival,
      LongSupplier nanoTime,
      GroupTraces traces,
      StartingPoint start) {
    return new GroupInbox(
        PositionedLog.of(scored, traces::read),
        PositionedLog.of(deadLetters),
        counters,
        vigil,
        arrival,
        nanoTime,
        scored.isBehindLoss() ? Map.of() : start.countedUpTo(),
        start.step());
  }

  @Override
  public void close() {
    try {
      deadLetters.close();
    } finally {
      scored.close();
    }
  }
}
