package dev.drpo.rollout.engine;

import java.time.Duration;
import java.util.Optional;

/** What an engine's thread has done, for others to read. */
final class EngineCounters {
  private volatile PolicyVersion version;
  private volatile int liveRows;
  private volatile int waitingGroups;
  private volatile long tokens;
  private volatile long groups;
  private volatile boolean idle = true;
  private volatile long progressNanos = System.nanoTime();
  private volatile String failure;

  EngineCounters(PolicyVersion version) {
    this.version = version;
  }

  // Only the engine's thread writes, so that no update is lost between a read and a write.

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void drew(int more) {
    tokens += more;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void completed() {
    groups++;
  }

  void stands(PolicyVersion newVersion, int newLiveRows, int newWaitingGroups) {
    version = newVersion;
    liveRows = newLiveRows;
    waitingGroups = newWaitingGroups;
    progressNanos = System.nanoTime();
  }

  void idle(boolean isIdle) {
    // Time spent idle is no lack of progress.
    progressNanos = System.nanoTime();
    idle = isIdle;
  }

  void died(String reason) {
    failure = reason;
  }

  EngineStatus status() {
    return new EngineStatus(
        version,
        liveRows,
        waitingGroups,
        tokens,
        groups,
        idle,
        Duration.ofNanos(System.nanoTime() - progressNanos),
        Optional.ofNullable(failure));
  }
}
