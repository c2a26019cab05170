package dev.drpo.engines;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What has come of the requests to a server, for others to read. */
final class DispatchCounters {
  private final Map<AnswerFault, LongAdder> faults = new EnumMap<>(AnswerFault.class);
  private final LongAdder tokens = new LongAdder();
  private final LongAdder groups = new LongAdder();
  private volatile int live;
  private volatile int waiting;
  private volatile long progressNanos = System.nanoTime();

  DispatchCounters() {
    for (AnswerFault fault : AnswerFault.values()) {
      faults.put(fault, new LongAdder());
    }
  }

  void unusable(AnswerFault fault) {
    faults.get(fault).increment();
  }

  void drew(int more) {
    tokens.add(more);
    alive();
  }

  void completed() {
    groups.increment();
  }

  void stands(int newLive, int newWaiting) {
    live = newLive;
    waiting = newWaiting;
  }

  /** The server has shown a sign of life. */
  void alive() {
    progressNanos = System.nanoTime();
  }

  long tokens() {
    return tokens.sum();
  }

  long groups() {
    return groups.sum();
  }

  int live() {
    return live;
  }

  int waiting() {
    return waiting;
  }

  long nanosSinceProgress() {
    return System.nanoTime() - progressNanos;
  }

  /** Answers that could not be used, by what was wrong with them. */
  Map<String, Long> faults() {
    Map<String, Long> counts = new TreeMap<>();
    faults.forEach((fault, count) -> counts.put(fault.label(), count.sum()));
    return counts;
  }
}
