package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointManifest;

/** What a run has counted so far. Training groups only; written by the learner's thread alone. */
final class RunCounters {
  long dispatched;
  long scored;
  long trained;
  long refilled;
  long duplicates;
  long deadLetters;
  long tokensGenerated;
  long tokensLearned;

  CheckpointManifest.Counters snapshot() {
    return new CheckpointManifest.Counters(
        dispatched, scored, trained, duplicates, tokensGenerated, tokensLearned, refilled);
  }

  static RunCounters restore(CheckpointManifest.Counters snapshot) {
    RunCounters counters = new RunCounters();
    counters.dispatched = snapshot.dispatched();
    counters.scored = snapshot.scored();
    counters.trained = snapshot.trained();
    counters.duplicates = snapshot.duplicates();
    counters.tokensGenerated = snapshot.tokensGenerated();
    counters.tokensLearned = snapshot.tokensLearned();
    counters.refilled = snapshot.refilled();
    return counters;
  }
}
