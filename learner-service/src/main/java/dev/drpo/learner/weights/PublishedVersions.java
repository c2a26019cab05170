package dev.drpo.learner.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;

/** The versions that a run has published; the publication of the newest may still be under way. */
public interface PublishedVersions {
  /** Whether this run made the version. */
  boolean knows(PolicyVersion version);

  /**
   * Has something done once the newest version is out, on the publication's thread, and not at all
   * if the publication fails. What it throws counts as a failure of the publication.
   */
  void onceOut(Work work);

  /** Returns the newest version once it is out, and what was to be done then is done. */
  PolicyVersion await() throws InterruptedException;

  /** What waits for a version. */
  interface Work {
    void run() throws InterruptedException;
  }
}
