package dev.drpo.generation;

/** Waiting for threads that own native memory, which must not be freed under a running step. */
final class Joins {
  private Joins() {}

  /** Waits until a thread has ended, however often this one is interrupted. */
  static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
