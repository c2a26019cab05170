package dev.drpo.reports;

/**
 * What a run has counted so far, over all its processes. Evaluation does not count.
 *
 * @param groups how often groups were handled
 * @param tokensGenerated response tokens that were sampled, those of groups that were not trained
 *     on included
 * @param tokensLearned response tokens that optimizer steps were taken on
 */
public record RunCounts(Groups groups, long tokensGenerated, long tokensLearned) {
  /** Of a run that has not begun. */
  public static final RunCounts NONE = new RunCounts(new Groups(0, 0, 0, 0, 0, 0, 0), 0, 0);

  /**
   * Groups by what became of them.
   *
   * @param dispatched prompts that were sent out
   * @param scored distinct groups that came back judged
   * @param trained groups that a step was taken on
   * @param refilled groups without signal whose place another took
   * @param duplicates groups that came back again
   * @param deadLetters records that nobody could work off
   * @param resent tasks that were lost and sent out once more, those of evaluations included
   */
  public record Groups(
      long dispatched,
      long scored,
      long trained,
      long refilled,
      long duplicates,
      long deadLetters,
      long resent) {}
}
