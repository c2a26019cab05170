package dev.drpo.reward.judge;

/** Counts elementary steps, so that the same input costs the same everywhere. */
final class Budget {
  private final long limit;
  private long used;

  Budget(long limit) {
    this.limit = limit;
  }

  /** Steps used so far; never above the limit. */
  long used() {
    return used;
  }

  /** Uses {@code steps} more, or halts with {@link Rule#STEP_LIMIT}. */
  void spend(long steps) {
    if (steps > limit - used) {
      used = limit;
      throw new Halt(new Reading.Refused(Rule.STEP_LIMIT));
    }
    used += steps;
  }
}
