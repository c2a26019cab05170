package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.checkpoint.CheckpointStore.Checkpoint;
import dev.drpo.learner.weights.Snapshot;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.reports.RunCounts;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Where a run starts: at its newest checkpoint, or at its beginning where there is none. */
final class StartingPoint {
  private static final Logger LOG = Logger.getLogger(StartingPoint.class);

  private final RunConfig config;
  private final Optional<Checkpoint> checkpoint;
  private final Optional<CheckpointManifest> manifest;

  /** Starts at a checkpoint that fits the run, or at the beginning. */
  StartingPoint(RunConfig config, Optional<Checkpoint> checkpoint) {
    this.config = config;
    this.checkpoint = checkpoint;
    this.manifest = checkpoint.map(Checkpoint::manifest);
  }

  /**
   * Finds it.
   *
   * @throws RunFailure if the newest checkpoint does not fit the run's settings
   */
  static StartingPoint find(RunConfig config, CheckpointStore checkpoints, RunSettings settings)
      throws IOException {
    Optional<Checkpoint> newest = checkpoints.newest();
    newest.ifPresent(found -> settings.requireFits(found, config.run().resumeChanged()));
    return new StartingPoint(config, newest);
  }

  /** Training steps done. */
  long step() {
    return manifest.map(CheckpointManifest::step).orElse(0L);
  }

  /**
   * Says where the run starts, if that is not where an earlier process of it has got to.
   *
   * @param scored offsets of the scored log, which has grown so far
   */
  void tell(long scored) {
    if (checkpoint.isEmpty() && scored > 0) {
      LOG.warnf(
          "run %s starts at step 0, although the broker has had %d scored groups of it: its folder"
              + " %s holds no checkpoint. If there was one, the folder is not kept when the process"
              + " is replaced; groups that are still in the log are learned from again",
          config.run().id(), scored, config.run().directory());
    }
  }

  /** Where the scored log holds the first group that was not learned from, by partition. */
  Map<Integer, Long> resumeOffsets() {
    return manifest.map(CheckpointManifest::resumeOffsets).orElse(Map.of());
  }

  /** How far the scored log is in the counts, by partition. */
  Map<Integer, Long> countedUpTo() {
    return manifest.map(CheckpointManifest::countedUpTo).orElse(Map.of());
  }

  RunCounts counts() {
    return manifest.map(CheckpointManifest::counters).orElse(RunCounts.NONE);
  }

  RunClock clock() {
    return new RunClock(
        manifest.map(CheckpointManifest::wallSeconds).orElse(0.0),
        manifest.map(CheckpointManifest::trainingSeconds).orElse(0.0));
  }

  /** What groups are held to. */
  Function<RolloutGroup, Optional<String>> check(RunInputs.Prompts prompts, ModelConfig policy) {
    ResponseCheck responses = ResponseCheck.of(config, policy);
    if (checkpoint.isPresent() && config.run().resumeChanged()) {
      // Groups under way may go on from prompts as they were before the settings changed.
      return responses::defect;
    }
    PromptCheck sent = PromptCheck.of(prompts);
    return group -> responses.defect(group).or(() -> sent.defect(group));
  }

  /**
   * A trainer with the weights and the optimizer's moments.
   *
   * @param folder the policy that the run began with
   * @param workDone told of the trainer's work from then on
   */
  PolicyTrainer trainer(TrainingDevices devices, PolicyFolder folder, Runnable workDone) {
    if (checkpoint.isEmpty()) {
      try (Safetensors weights = folder.openWeights()) {
        PolicyTrainer trainer =
            PolicyTrainer.load(
                devices.devices(), folder.config(), weights, devices.options(folder.config()));
        trainer.reportTo(workDone);
        return trainer;
      }
    }
    try (Safetensors weights = Safetensors.open(checkpoint.get().policyFile());
        Safetensors moments = Safetensors.open(checkpoint.get().optimizerFile())) {
      PolicyTrainer trainer =
          PolicyTrainer.load(
              devices.devices(), folder.config(), weights, devices.options(folder.config()));
      trainer.reportTo(workDone);
      trainer.restoreMoments(moments, checkpoint.get().manifest().optimizerSteps());
      return trainer;
    }
  }

  /**
   * Puts the policy's snapshot into a store, with all versions that the run has made before.
   *
   * @param decoder holds its weights
   * @throws IOException if the disk is full
   */
  Snapshot snapshot(SnapshotStore policies, PolicyFolder folder, Decoder decoder)
      throws IOException {
    if (checkpoint.isEmpty()) {
      return policies.addStarting(folder, decoder);
    }
    CheckpointManifest resumed = checkpoint.get().manifest();
    LOG.infof(
        "resuming run %s after step %d from %s",
        resumed.run(), resumed.step(), checkpoint.get().folder());
    resumed.versions().forEach(policies::remember);
    return policies.addResumed(resumed.step(), checkpoint.get().policyFile(), decoder);
  }

  /**
   * The run's objective, with what it remembers.
   *
   * @throws RunFailure if that is of another objective
   */
  StagedObjective objective() {
    StagedObjective objective = new StagedObjective(config);
    checkpoint.ifPresent(found -> restore(objective, found));
    return objective;
  }

  private void restore(Objective objective, Checkpoint found) {
    try {
      objective.restore(found.manifest().objectiveState());
    } catch (IllegalArgumentException e) {
      if (!config.run().resumeChanged()) {
        throw new RunFailure(
            "checkpoint "
                + found.folder()
                + " does not fit objective.name "
                + config.objective().name()
                + ": "
                + e.getMessage());
      }
      LOG.warnf(
          "what the objective of checkpoint %s remembers is dropped: %s",
          found.folder(), e.getMessage());
    }
  }
}
