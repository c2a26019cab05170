package dev.drpo.rollout.weights;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what a follower told. */
public final class RecordedUpdates implements WeightListener {
  private final List<Long> fetchedBytes = new CopyOnWriteArrayList<>();
  private final List<Long> patchedBytes = new CopyOnWriteArrayList<>();
  private final List<Duration> firstTokens = new CopyOnWriteArrayList<>();
  private final List<Duration> delays = new CopyOnWriteArrayList<>();
  private final AtomicInteger setbacks = new AtomicInteger();

  @Override
  public void fetched(long bytes, Duration time) {
    fetchedBytes.add(bytes);
  }

  @Override
  public void patched(long bytes, Duration time) {
    patchedBytes.add(bytes);
  }

  @Override
  public void setBack() {
    setbacks.incrementAndGet();
  }

  @Override
  public void firstToken(Duration sinceAnnounced) {
    firstTokens.add(sinceAnnounced);
  }

  @Override
  public void inUse(Duration sinceAnnounced) {
    delays.add(sinceAnnounced);
  }

  /** How often an update was of no use. */
  public int setbacks() {
    return setbacks.get();
  }

  public List<Long> fetchedBytes() {
    return fetchedBytes;
  }

  public List<Long> patchedBytes() {
    return patchedBytes;
  }

  public List<Duration> firstTokens() {
    return firstTokens;
  }

  List<Duration> delays() {
    return delays;
  }
}
