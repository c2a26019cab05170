package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.reports.RunRepeatability;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a run's checkpoints.
 *
 * @param settings what has to be the same when the run goes on
 * @param store where they lie
 * @param retention removes what they make needless
 * @param made the versions made so far
 * @param inbox knows where to read on
 * @param trained has the weights, the optimizer's state and the objective's
 */
record RunCheckpoints(
    RunConfig config,
    RunSettings settings,
    CheckpointStore store,
    LogRetention retention,
    Supplier<List<PolicyVersion>> made,
    GroupInbox inbox,
    PolicyInTraining trained,
    RunProgress progress) {
  /** What the trained policy is a function of. */
  RunRepeatability repeatability() {
    return new RunRepeatability(
        made.get().getFirst().digest().hex(),
        settings.trainSha256(),
        settings.digest(),
        Repeatability.obstacles(config, trained.architecture()));
  }

  /** Whether there is to be one after so many steps. */
  boolean isDueAfter(long steps) {
    return steps == config.training().steps() || steps % config.training().checkpointEvery() == 0;
  }

  /**
   * Writes one, and has removed what the broker held for those that it displaces.
   *
   * @param policy the version that the weights are, which is out
   * @throws IOException if it can't be written; earlier ones are intact
   */
  void write(PolicyVersion policy) throws IOException {
    CheckpointManifest manifest =
        new CheckpointManifest(
            CheckpointManifest.FORMAT,
            config.run().id(),
            policy,
            trained.optimizerSteps(),
            settings.trainSha256(),
            config.run().seed(),
            config.training().promptsPerStep(),
            settings.values(),
            inbox.resumeOffsets(),
            inbox.positions(),
            made.get(),
            progress.clock().wallSeconds(),
            progress.clock().trainingSeconds(),
            progress.counters().counts(),
            trained.objectiveState(),
            Map.of());
    store.write(manifest, trained::save);
    retention.afterCheckpoint();
  }
}
