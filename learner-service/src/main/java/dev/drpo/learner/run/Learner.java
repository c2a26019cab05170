package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.checkpoint.CheckpointStore.Checkpoint;
import dev.drpo.learner.data.ProblemFile;
import dev.drpo.learner.data.RenderedProblem;
import dev.drpo.learner.report.MetricsLog;
import dev.drpo.learner.report.RunReport;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.PerMicroBatch;
import dev.drpo.learner.step.UpdateSettings;
import dev.drpo.learner.weights.Publication;
import dev.drpo.learner.weights.PublishedPolicy;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.learner.weights.WeightLogWriter;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.config.Objectives;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.runtime.records.GroupDefects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** Opens everything that a run needs, from scratch or from its newest checkpoint, and runs it. */
public final class Learner {
  private static final Logger LOG = Logger.getLogger(Learner.class);
  private static final Duration BROKER_PATIENCE = Duration.ofMinutes(2);

  /** Versions that replicas may still be fetching while newer ones appear. */
  private static final int SPARE_SNAPSHOTS = 2;

  private final RunConfig config;
  private final RunStatus status;
  private final Messaging messaging;
  private final SnapshotStore policies;

  /**
   * Prepares the run's folder.
   *
   * @throws IOException if the folder can't be written
   */
  public Learner(RunConfig config, Messaging messaging, RunStatus status) throws IOException {
    this.config = config;
    this.status = status;
    this.messaging = messaging;
    Path folder = config.run().directory();
    Files.createDirectories(folder);
    this.policies =
        new SnapshotStore(
            folder.resolve("weights"),
            ElementType.named(config.weights().type()),
            config.training().maxLag() + 1 + SPARE_SNAPSHOTS);
  }

  /** The policy versions that replicas can fetch. */
  public SnapshotStore policies() {
    return policies;
  }

  /** Trains to the end on the calling thread, which must be a platform thread. */
  public RunReport run() throws InterruptedException, IOException, ExecutionException {
    // Micro-batches run side by side, each on one thread: threads of one operation wait for each
    // other more than they work.
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    PolicyFolder folder = new PolicyFolder(config.policy().path());
    ProblemFile train = ProblemFile.read(config.data().train());
    Optional<ProblemFile> heldOut =
        config.evaluation().problems() == 0
            ? Optional.empty()
            : Optional.of(ProblemFile.read(config.data().heldout()));
    new TopicProvisioner(messaging).provision(BROKER_PATIENCE);
    CheckpointStore checkpoints =
        new CheckpointStore(
            config.run().directory().resolve("checkpoints"), config.training().checkpointsKept());
    Optional<Checkpoint> checkpoint = checkpoints.newest();
    RunSettings settings = RunSettings.of(config, train, heldOut, folder);
    checkpoint.ifPresent(found -> settings.requireFits(found, config.run().resumeChanged()));
    Map<Integer, Long> offsets =
        checkpoint.map(found -> found.manifest().resumeOffsets()).orElse(Map.of());
    TrainingDevices devices = TrainingDevices.of(config);
    TrainingMemory memory = devices.memory(folder.config());
    LOG.infof("training on %s; memory of each: %s", config.training().devices(), memory);
    devices.requireRoom(memory);
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder.path());
        Publisher publisher = Publisher.open(messaging);
        RecordLog<ScoredGroup> scored =
            RecordLog.open(
                messaging,
                messaging.topics().scored(),
                ScoredGroup.parser(),
                GroupDefects::find,
                offsets,
                BROKER_PATIENCE);
        RecordLog<DeadLetter> deadLetters =
            RecordLog.open(
                messaging,
                messaging.topics().deadLetters(),
                DeadLetter.parser(),
                Map.of(),
                BROKER_PATIENCE);
        PolicyTrainer trainer = trainer(devices, folder, checkpoint);
        LogHead weightLogHead = LogHead.open(messaging);
        Publication weights =
            new Publication(
                policies,
                weightLog(publisher),
                weightLogHead,
                status::published,
                startingPolicy(folder, checkpoint, trainer.decoder()));
        MetricsLog metrics =
            MetricsLog.open(
                config.run().directory().resolve("metrics.jsonl"),
                checkpoint.map(found -> found.manifest().step()).orElse(0L) + 1)) {
      List<RenderedProblem> problems =
          RenderedProblem.renderAll(train, tokenizer, config.sampling().maxPromptTokens());
      List<RenderedProblem> heldOutProblems =
          heldOut.isEmpty()
              ? List.of()
              : RenderedProblem.renderAll(
                  heldOut.get(), tokenizer, config.sampling().maxPromptTokens());
      Optional<CheckpointManifest> manifest = checkpoint.map(Checkpoint::manifest);
      long step = manifest.map(CheckpointManifest::step).orElse(0L);
      RunCounters counters =
          manifest
              .map(CheckpointManifest::counters)
              .map(RunCounters::restore)
              .orElseGet(RunCounters::new);
      GroupInbox inbox =
          new GroupInbox(
              PositionedLog.of(scored),
              PositionedLog.of(deadLetters),
              counters,
              weights::requireWorking,
              manifest.map(CheckpointManifest::countedUpTo).orElse(Map.of()),
              step);
      PromptDispatcher dispatcher =
          new PromptDispatcher(
              publisher::publish,
              messaging.topics().prompts(),
              config.run().id(),
              messaging.clock());
      PublishedPolicy starting = weights.await();
      Objective objective = objective(checkpoint);
      TrainingRun run =
          new TrainingRun(
              new RunParts(
                  config,
                  settings,
                  train,
                  trainer,
                  objective,
                  update(trainer, devices, objective),
                  new StepGroups(
                      config,
                      problems,
                      dispatcher,
                      inbox,
                      policies,
                      weights,
                      counters,
                      status,
                      step),
                  new Evaluator(config, heldOutProblems, dispatcher, inbox, status),
                  inbox,
                  policies,
                  weights,
                  checkpoints,
                  metrics,
                  counters,
                  status,
                  new RunClock(
                      manifest.map(CheckpointManifest::wallSeconds).orElse(0.0),
                      manifest.map(CheckpointManifest::trainingSeconds).orElse(0.0)),
                  manifest
                      .map(CheckpointManifest::digests)
                      .orElseGet(() -> Map.of(0L, starting.digest().hex())),
                  starting));
      return run.toCompletion();
    }
  }

  private PolicyTrainer trainer(
      TrainingDevices devices, PolicyFolder folder, Optional<Checkpoint> checkpoint) {
    if (checkpoint.isEmpty()) {
      try (Safetensors weights = folder.openWeights()) {
        return PolicyTrainer.load(devices.devices(), folder.config(), weights, devices.options());
      }
    }
    try (Safetensors weights = Safetensors.open(checkpoint.get().policyFile());
        Safetensors moments = Safetensors.open(checkpoint.get().optimizerFile())) {
      PolicyTrainer trainer =
          PolicyTrainer.load(devices.devices(), folder.config(), weights, devices.options());
      trainer.restoreMoments(moments, checkpoint.get().manifest().optimizerSteps());
      return trainer;
    }
  }

  private WeightLogWriter weightLog(Publisher publisher) {
    return new WeightLogWriter(
        publisher,
        messaging.topics().weights(),
        config.run().id(),
        config.learner().address(),
        config.weights().patchChunkBytes(),
        config.weights().mostPatchFraction(),
        messaging.clock());
  }

  private PublishedPolicy startingPolicy(
      PolicyFolder folder, Optional<Checkpoint> checkpoint, Decoder decoder) throws IOException {
    if (checkpoint.isEmpty()) {
      return policies.addStarting(folder, decoder);
    }
    CheckpointManifest manifest = checkpoint.get().manifest();
    LOG.infof(
        "resuming run %s after step %d from %s",
        manifest.run(), manifest.step(), checkpoint.get().folder());
    manifest.digests().forEach((step, digest) -> policies.remember(step, new PolicyDigest(digest)));
    return policies.addResumed(manifest.step(), checkpoint.get().policyFile(), decoder);
  }

  private Objective objective(Optional<Checkpoint> checkpoint) {
    Objective objective = Objectives.of(config.objective(), config.sampling().maxResponseTokens());
    checkpoint.ifPresent(
        found -> {
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
        });
    return objective;
  }

  private MiniBatchUpdate update(
      PolicyTrainer trainer, TrainingDevices devices, Objective objective) {
    TrainingConfig training = config.training();
    return new MiniBatchUpdate(
        trainer,
        training.hinge().equals("micro-batch")
            ? new PerMicroBatch(objective, training.promptsPerHinge())
            : objective,
        new UpdateSettings(
            config.sampling().temperature(),
            training.tokensPerMicroBatch(),
            training.retainedTokens(),
            devices.workers(),
            training.importanceCap()));
  }
}
