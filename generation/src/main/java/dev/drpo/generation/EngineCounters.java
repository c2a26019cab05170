package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.time.Duration;

/** What a decoding thread has done, for others to read. */
final class EngineCounters {
  private final int slots;
  private volatile PolicyVersion version;
  private volatile int liveRows;
  private volatile int waitingRows;
  private volatile long positions;
  private volatile long mostPositions;
  private volatile long tokens;
  private volatile long decodedTokens;
  private volatile long steps;
  private volatile long groups;
  private volatile boolean idle = true;
  private volatile long progressNanos = System.nanoTime();

  EngineCounters(PolicyVersion version, int slots) {
    this.version = version;
    this.slots = slots;
  }

  // Only the decoding thread writes, so that no update is lost between a read and a write.

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void drew(int more) {
    tokens += more;
  }

  /** Rows that a step advances, and positions that are taken for it. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void decoded(int rows, long taken) {
    mostPositions = Math.max(mostPositions, taken);
    tokens += rows;
    decodedTokens += rows;
    steps++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  void completed() {
    groups++;
  }

  void stands(PolicyVersion newVersion, int newLiveRows, int newWaitingRows, long newPositions) {
    version = newVersion;
    liveRows = newLiveRows;
    waitingRows = newWaitingRows;
    positions = newPositions;
    progressNanos = System.nanoTime();
  }

  void idle(boolean isIdle) {
    // Time spent idle is no lack of progress.
    progressNanos = System.nanoTime();
    idle = isIdle;
  }

  PolicyVersion version() {
    return version;
  }

  int liveRows() {
    return liveRows;
  }

  int waitingRows() {
    return waitingRows;
  }

  long positions() {
    return positions;
  }

  long mostPositions() {
    return mostPositions;
  }

  long tokens() {
    return tokens;
  }

  long decodedTokens() {
    return decodedTokens;
  }

  /** Tokens that its decode steps could have drawn. */
  long decodableTokens() {
    return steps * slots;
  }

  long groups() {
    return groups;
  }

  boolean isIdle() {
    return idle;
  }

  Duration sinceProgress() {
    return Duration.ofNanos(System.nanoTime() - progressNanos);
  }
}
