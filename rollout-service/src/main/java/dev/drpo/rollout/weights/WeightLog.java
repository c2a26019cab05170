package dev.drpo.rollout.weights;

import dev.drpo.proto.records.v1.WeightRecord;
import java.time.Duration;
import java.util.List;

/** The run's weight updates in the order of their publication, read from the beginning. */
public interface WeightLog extends AutoCloseable {
  /** Reads on, waiting up to the timeout for a first record. */
  List<WeightRecord> poll(Duration timeout) throws InterruptedException;

  /** Whether everything that was in the log when it was opened has been read. */
  boolean replayed();

  /** The end that the log has now, behind every record whose publication has been confirmed. */
  Mark end();

  /** Whether everything before a mark of this log has been read. */
  boolean hasRead(Mark mark);

  @Override
  void close();

  /**
   * A place in the log.
   *
   * @param offset of the first record behind it
   */
  record Mark(long offset) {}

  /** Opens the log, waiting for the broker where that takes time. */
  @FunctionalInterface
  interface Opener {
    WeightLog open() throws InterruptedException;
  }
}
