package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.reports.RunCounts;
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
   * How far a run has come between two steps, without its weights and its optimizer's state, which
   * stay what they are until it learns from the next step's groups.
   *
   * @param resumeOffsets where to read the scored log on, by partition
   * @param positions how far it has been read
   */
  record Boundary(
      Map<Integer, Long> resumeOffsets,
      Map<Integer, Long> positions,
      double wallSeconds,
      double trainingSeconds,
      RunCounts counts) {}

  /** Where the run is now, between two steps. */
  Boundary boundary() {
    return new Boundary(
        inbox.resumeOffsets(),
        inbox.positions(),
        progress.clock().wallSeconds(),
        progress.clock().trainingSeconds(),
        progress.counters().counts());
  }

  /**
   * Writes one, and has removed what the broker held for those that it displaces.
   *
   * @param policy the version that the weights are, which is out
   * @param boundary behind the step that made them
   * @throws IOException if it can't be written; earlier ones are intact
   */
  void write(PolicyVersion policy, Boundary boundary) throws IOException {
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
            boundary.resumeOffsets(),
            boundary.positions(),
            made.get(),
            boundary.wallSeconds(),
            boundary.trainingSeconds(),
            boundary.counts(),
            trained.objectiveState(),
            Map.of());
    store.write(manifest, trained::save);
    retention.afterCheckpoint();
  }
}
