package dev.drpo.judge.limit;

/**
 * Counts elementary steps, so that the same input costs the same everywhere. One step is about ten
 * nanoseconds of work: a character scanned, a node visited, a 64-bit word multiplied by another.
 */
public final class Budget {
  private final long limit;
  private long used;

  public Budget(long limit) {
    this.limit = limit;
  }

  /** Steps used so far; never above the limit. */
  public long used() {
    return used;
  }

  /**
   * Uses {@code steps} more.
   *
   * @throws LimitExceeded with {@link Limit#STEPS} if fewer are left
   */
  public void spend(long steps) {
    if (steps > limit - used) {
      used = limit;
      throw new LimitExceeded(Limit.STEPS);
    }
    used += steps;
  }
}
