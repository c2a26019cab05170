package dev.drpo.runtime.messaging;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * How much work of various sizes a process holds at once: more is taken while what is held does not
 * go beyond the room, so that the room is full and one piece waits. What is held is counted before
 * the next piece is asked for, by whoever asks in turn. Safe for use by many threads.
 */
final class Room<T> {
  private final long size;
  private final ToLongFunction<T> sizeOf;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long held;
  private boolean closed;

  private Room(long size, ToLongFunction<T> sizeOf) {
    this.size = size;
    this.sizeOf = sizeOf;
  }

  static <T> Room<T> of(long size, ToLongFunction<T> sizeOf) {
    return new Room<>(size, sizeOf);
  }

  /** Room for any number of pieces. */
  static <T> Room<T> unbounded() {
    return new Room<>(0, _ -> 0);
  }

  /** Waits until another piece may be taken, or the room is closed. */
  void await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (held > size && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  void enter(T piece) {
    change(sizeOf.applyAsLong(piece), false);
  }

  void leave(T piece) {
    change(-sizeOf.applyAsLong(piece), false);
  }

  /** Lets everybody go on who waits. */
  void close() {
    change(0, true);
  }

  private void change(long difference, boolean close) {
    lock.lock();
    try {
      held += difference;
      closed |= close;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
