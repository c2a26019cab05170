package dev.drpo.learner.weights;

/** The newest version of the policy, whose publication may still be under way. */
public interface NewestVersion {
  /**
   * Has something done once the version is out, on the publication's thread, and not at all if the
   * publication fails. What it throws counts as a failure of the publication.
   */
  void onceOut(Work work);

  /** Returns once the version is out, and what was to be done then is done. */
  PublishedPolicy await() throws InterruptedException;

  /** What waits for a version. */
  interface Work {
    void run() throws InterruptedException;
  }
}
