package dev.drpo.rollout.weights;

import dev.drpo.proto.records.v1.WeightRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A log that the test appends to, whose records come one at a time. */
final class FakeLog implements WeightLog {
  private final List<WeightRecord> records = new ArrayList<>();
  private int shown = Integer.MAX_VALUE;
  private int read;
  private int marks;
  private int fruitlessPolls;
  private int openings;
  private boolean broken;
  private volatile boolean replayed;

  /** From now on the log says so when it has been read to its end. */
  void showReplayed() {
    replayed = true;
  }

  synchronized WeightLog open() {
    openings++;
    read = 0;
    return this;
  }

  synchronized void append(WeightRecord record) {
    records.add(record);
    notifyAll();
  }

  synchronized void append(List<WeightRecord> several) {
    records.addAll(several);
    notifyAll();
  }

  /** Records that are appended from now on don't come until they are shown. */
  synchronized void hideNew() {
    shown = records.size();
  }

  synchronized void showAll() {
    shown = Integer.MAX_VALUE;
    notifyAll();
  }

  /** Fails the next poll. */
  synchronized void breakOnce() {
    broken = true;
    notifyAll();
  }

  synchronized int marks() {
    return marks;
  }

  synchronized int fruitlessPolls() {
    return fruitlessPolls;
  }

  synchronized boolean readAgain() {
    return openings == 2 && read == records.size();
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // A poll may come back with nothing before its time.
  public synchronized List<WeightRecord> poll(Duration timeout) throws InterruptedException {
    if (read == Math.min(shown, records.size()) && !broken && timeout.isPositive()) {
      fruitlessPolls++;
      wait(timeout.toMillis());
    }
    if (broken) {
      broken = false;
      throw new IllegalStateException("the connection broke");
    }
    return read < Math.min(shown, records.size()) ? List.of(records.get(read++)) : List.of();
  }

  @Override
  public synchronized boolean replayed() {
    return replayed && read == Math.min(shown, records.size());
  }

  @Override
  public synchronized Mark end() {
    marks++;
    return new Mark(records.size());
  }

  @Override
  public synchronized boolean hasRead(Mark mark) {
    return read >= mark.offset();
  }

  @Override
  public void close() {}
}
