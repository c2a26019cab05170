package dev.drpo.learner.run;

import dev.drpo.runtime.messaging.LostLogException;
import dev.drpo.runtime.messaging.RecordLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A log of one partition in memory. Polling it at its end fails, where a broker's would wait. */
final class MemoryLog<T> implements PositionedLog<T> {
  static final int PARTITION = 0;

  private final List<T> records = new ArrayList<>();
  private final boolean emptyPollAllowed;
  private int position;
  private boolean lost;

  private MemoryLog(boolean emptyPollAllowed) {
    this.emptyPollAllowed = emptyPollAllowed;
  }

  /** A log that somebody waits for. */
  static <T> MemoryLog<T> awaited() {
    return new MemoryLog<>(false);
  }

  /** A log that is looked into now and then. */
  static <T> MemoryLog<T> optional() {
    return new MemoryLog<>(true);
  }

  long append(T record) {
    records.add(record);
    return records.size() - 1L;
  }

  /** Forgets every record, as a broker does whose disk is gone. */
  void lose() {
    records.clear();
    lost = true;
  }

  void seek(Map<Integer, Long> positions) {
    position = Math.toIntExact(positions.getOrDefault(PARTITION, 0L));
  }

  @Override
  public List<RecordLog.Entry<T>> poll(Duration timeout) {
    if (lost) {
      throw new LostLogException("the topic is another one than it was");
    }
    if (position == records.size()) {
      if (emptyPollAllowed) {
        return List.of();
      }
      throw new AssertionError("waits for a record beyond the " + position + " of the log");
    }
    // One at a time: no test may depend on what a poll happens to bring together.
    RecordLog.Entry<T> entry = new RecordLog.Entry<>(PARTITION, position, records.get(position));
    position++;
    return List.of(entry);
  }

  @Override
  public void startOver() {
    lost = false;
    position = 0;
  }

  @Override
  public Map<Integer, Long> positions() {
    return Map.of(PARTITION, (long) position);
  }

  @Override
  public Map<Integer, Long> endOffsets() {
    return Map.of(PARTITION, (long) records.size());
  }
}
