package dev.drpo.learner.run;

import dev.drpo.runtime.messaging.RecordLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A log that is read in order, from positions that its reader keeps. */
interface PositionedLog<T> {
  /** Longest wait for a topic that the broker has lost to be there again. */
  Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * Reads on, waiting up to the timeout for a first record.
   *
   * @throws dev.drpo.runtime.messaging.LostLogException if what it had read is gone
   */
  List<RecordLog.Entry<T>> poll(Duration timeout) throws InterruptedException;

  /** Reads on at the beginning of what there is now. */
  void startOver() throws InterruptedException;

  /** Offset of the next record to read, by partition. */
  Map<Integer, Long> positions();

  /** Offset after the last record that exists, by partition. */
  Map<Integer, Long> endOffsets();

  /** A topic on the broker. */
  static <T> PositionedLog<T> of(RecordLog<T> log) {
    return of(log, _ -> {});
  }

  /**
   * A topic on the broker.
   *
   * @param read told of each record as it is read
   */
  static <T> PositionedLog<T> of(RecordLog<T> log, Consumer<RecordLog.Entry<T>> read) {
    return new PositionedLog<>() {
      @Override
      public List<RecordLog.Entry<T>> poll(Duration timeout) throws InterruptedException {
        List<RecordLog.Entry<T>> entries = log.poll(timeout);
        entries.forEach(read);
        return entries;
      }

      @Override
      public void startOver() throws InterruptedException {
        log.startOver(PATIENCE);
      }

      @Override
      public Map<Integer, Long> positions() {
        return log.positions();
      }

      @Override
      public Map<Integer, Long> endOffsets() {
        return log.endOffsets();
      }
    };
  }
}
