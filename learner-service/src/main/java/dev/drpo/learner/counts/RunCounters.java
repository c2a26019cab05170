package dev.drpo.learner.counts;

import dev.drpo.reports.RunCounts;

/** Counts a run. The learner's thread alone uses it. */
public final class RunCounters {
  private long dispatched;
  private long scored;
  private long trained;
  private long refilled;
  private long duplicates;
  private long deadLetters;
  private long resent;
  private long tokensGenerated;
  private long tokensLearned;

  /** Counts on from a checkpoint. Dead letters are counted again, from their log. */
  public RunCounters(RunCounts earlier) {
    this.dispatched = earlier.groups().dispatched();
    this.scored = earlier.groups().scored();
    this.trained = earlier.groups().trained();
    this.refilled = earlier.groups().refilled();
    this.duplicates = earlier.groups().duplicates();
    this.resent = earlier.groups().resent();
    this.tokensGenerated = earlier.tokensGenerated();
    this.tokensLearned = earlier.tokensLearned();
  }

  /** Prompts were sent out. */
  public void dispatched(int prompts) {
    dispatched += prompts;
  }

  /** A group came back judged, for the first time. */
  public void scored(long tokens) {
    scored++;
    tokensGenerated += tokens;
  }

  /** A step was taken on groups. */
  public void trained(int groups, long tokens) {
    trained += groups;
    tokensLearned += tokens;
  }

  /** Other groups took the places of some without signal. */
  public void refilled(int groups) {
    refilled += groups;
  }

  /** A group came back again. */
  public void duplicate() {
    duplicates++;
  }

  /** A record became a dead letter. */
  public void deadLetter() {
    deadLetters++;
  }

  /** Tasks were lost and sent out once more. */
  public void resent(int tasks) {
    resent += tasks;
  }

  /** What has been counted so far. */
  public RunCounts counts() {
    return new RunCounts(
        new RunCounts.Groups(
            dispatched, scored, trained, refilled, duplicates, deadLetters, resent),
        tokensGenerated,
        tokensLearned);
  }
}
