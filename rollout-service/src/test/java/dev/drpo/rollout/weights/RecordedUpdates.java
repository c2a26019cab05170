package dev.drpo.rollout.weights;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a follower told. */
public final class RecordedUpdates implements WeightListener {
  private final List<Long> fetchedBytes = new CopyOnWriteArrayList<>();
  private final List<Long> patchedBytes = new CopyOnWriteArrayList<>();
  private final List<Duration> firstTokens = new CopyOnWriteArrayList<>();
  private final List<Duration> delays = new CopyOnWriteArrayList<>();

  @Override
  public void fetched(long bytes, Duration time) {
    fetchedBytes.add(bytes);
  }

  @Override
  public void patched(long bytes, Duration time) {
    patchedBytes.add(bytes);
  }

  @Override
  public void firstToken(Duration sinceAnnounced) {
    firstTokens.add(sinceAnnounced);
  }

  @Override
  public void inUse(Duration sinceAnnounced) {
    delays.add(sinceAnnounced);
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
