package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.counts.RunCounters;
import dev.drpo.learner.weights.CopiedWeights;
import dev.drpo.learner.weights.Publication;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.learner.weights.WeightLogWriter;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.reports.EvaluationLog;
import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.RunReport;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.QueueBacklog;
import dev.drpo.runtime.messaging.RecordPosition;
import dev.drpo.runtime.messaging.TopicEnds;
import dev.drpo.runtime.messaging.TopicKeeper;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.tracking.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/** Opens everything that a run needs, from scratch or from its newest checkpoint, and runs it. */
public final class Learner {
  private static final Logger LOG = Logger.getLogger(Learner.class);
  private static final Duration BROKER_PATIENCE = Duration.ofMinutes(2);

  /** A look asks the broker three questions, which is nothing to it. */
  private static final Duration LOOK_FOR_LOST_TASKS = Duration.ofSeconds(5);

  private static final Duration ATTEND_EVERY = Duration.ofSeconds(2);

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
            ElementType.named(config.weights().type().configName()),
            config.training().maxLag() + 1 + SPARE_SNAPSHOTS);
  }

  /** The policy versions that replicas can fetch. */
  public SnapshotStore policies() {
    return policies;
  }

  /**
   * Trains to the end on the calling thread, which must be a platform thread.
   *
   * @param stop asks it to end before
   * @throws InterruptedException if it was asked, or interrupted
   */
  public RunReport run(RunStop stop) throws InterruptedException, IOException {
    LearnerHeap.check(config, Runtime.getRuntime().maxMemory());
    // Micro-batches run side by side, each on one thread: threads of one operation wait for each
    // other more than they work.
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    RunInputs inputs = RunInputs.read(config);
    new TopicProvisioner(messaging).provision(BROKER_PATIENCE);
    CheckpointStore checkpoints =
        new CheckpointStore(
            config.run().directory().resolve("checkpoints"),
            config.training().checkpointsKept(),
            status::worked);
    RunSettings settings =
        RunSettings.of(config, inputs.train(), inputs.heldOut(), inputs.policy());
    StartingPoint start = StartingPoint.find(config, checkpoints, settings);
    TrainingDevices devices = TrainingDevices.of(config);
    requireRoom(devices, inputs.policy());
    RunInputs.Prompts prompts = inputs.render(config.sampling().maxPromptTokens());
    try (TopicKeeper topics = TopicKeeper.start(messaging);
        Publisher publisher = Publisher.open(messaging);
        GroupLogs logs =
            GroupLogs.open(
                messaging,
                start.resumeOffsets(),
                start.check(prompts, inputs.policy().config()),
                BROKER_PATIENCE);
        PolicyTrainer trainer = start.trainer(devices, inputs.policy(), status::worked);
        TailTokens tails = TailTokens.of(config, inputs.policy());
        LogHead head = LogHead.open(messaging);
        QueueBacklog backlog = QueueBacklog.open(messaging);
        Publication weights =
            new Publication(
                policies,
                weightLog(publisher),
                head,
                status::published,
                start.snapshot(policies, inputs.policy(), trainer.decoder()),
                CopiedWeights.of(trainer.decoder(), policies.type()),
                messaging.threads());
        MetricsLog metrics = MetricsLog.open(RunProgress.metricsFile(config), start.step() + 1);
        StepSamples samples = StepSamples.of(config, prompts.training(), start.step());
        Trackers trackers =
            RunTrackers.open(
                config, settings, start.step() + 1, System.getenv(), messaging.clock())) {
      RunCounters counters = new RunCounters(start.counts());
      GroupTraces traces = new GroupTraces(messaging.tracing(), messaging.clock());
      GroupInbox inbox =
          logs.inbox(
              counters,
              new TopicRecovery(topics::losses, weights),
              status::worked,
              messaging.threads()::nanoTime,
              traces,
              start);
      inbox.tell(status.sightings());
      PromptDispatcher dispatcher =
          PromptDispatcher.to(messaging, config.run().id(), settings.groupsDigest(), publisher);
      TaskWatch watch = watch(messaging, inbox, dispatcher, weights, backlog, counters);
      StepUpdate update = new StepUpdate(config, trainer, devices, start.objective());
      StepGroups groups =
          new StepGroups(
              config,
              prompts.training(),
              dispatcher,
              inbox,
              watch,
              weights,
              update::signal,
              tails,
              traces,
              counters,
              status,
              start.step());
      RunProgress progress =
          new RunProgress(
              config, inputs.train().name(), status, counters, start.clock(), metrics, trackers);
      BestPolicy best = new BestPolicy(config.run().directory(), inputs.policy());
      TopicEnds ends = TopicEnds.now(messaging, BROKER_PATIENCE);
      start.tell(logs.scored().endOffsets().values().stream().mapToLong(Long::longValue).sum());
      inbox.requireConfiguration(settings.groupsDigest());
      inbox.disregard(letter -> ends.follow(source(letter)));
      inbox.catchUp();
      return new TrainingRun(
              config,
              groups,
              update,
              weights,
              new RunCheckpoints(
                  config,
                  settings,
                  checkpoints,
                  new LogRetention(head, messaging.topics(), checkpoints),
                  policies::made,
                  inbox,
                  update,
                  progress),
              new RunEvaluations(
                  config.evaluation().every(),
                  new Evaluator(
                      config,
                      settings.groupsDigest(),
                      prompts.evaluation(),
                      dispatcher,
                      inbox,
                      watch,
                      weights,
                      status),
                  new EvaluationLog(RunProgress.evaluationsFile(config)),
                  steps -> best.keep(steps, trainer.decoder()),
                  status),
              progress,
              samples,
              stop)
          .toCompletion();
    }
  }

  /**
   * Looks after the topics of a run that is complete, until the thread is interrupted: replicas go
   * on answering whoever asks them, and one that starts finds the trained weights by their
   * announcement.
   */
  public void attend() throws InterruptedException {
    try (TopicKeeper topics = TopicKeeper.start(messaging)) {
      int mended = topics.losses();
      while (true) {
        messaging.threads().sleep(ATTEND_EVERY);
        int losses = topics.losses();
        if (losses != mended && announceAgain()) {
          mended = losses;
        }
      }
    }
  }

  private boolean announceAgain() throws InterruptedException {
    try (Publisher publisher = Publisher.open(messaging)) {
      var _ = weightLog(publisher).announceAgain(policies.newest().orElseThrow());
      return true;
    } catch (ExecutionException e) {
      LOG.warnf("the trained weights can't be announced again yet: %s", e.getCause().getMessage());
      return false;
    }
  }

  /** Where the record of a dead letter lay. */
  static RecordPosition source(DeadLetter letter) {
    return new RecordPosition(
        letter.getSourceTopic(), letter.getSourcePartition(), letter.getSourceOffset());
  }

  /** Watches over the tasks that a run sends out. */
  static TaskWatch watch(
      Messaging messaging,
      GroupInbox inbox,
      PromptDispatcher dispatcher,
      Publication weights,
      QueueBacklog backlog,
      RunCounters counters) {
    return new TaskWatch(
        inbox,
        dispatcher,
        weights,
        new TaskWatch.WorkQueues() {
          @Override
          public QueueBacklog.Answer prompts() throws InterruptedException {
            return backlog.prompts();
          }

          @Override
          public QueueBacklog.Answer rollouts() throws InterruptedException {
            return backlog.rollouts();
          }
        },
        counters,
        LOOK_FOR_LOST_TASKS,
        Duration.ofSeconds(messaging.kafka().leaseSeconds())
            .multipliedBy(messaging.kafka().maxDeliveries()));
  }

  private void requireRoom(TrainingDevices devices, PolicyFolder policy) {
    TrainingMemory memory = devices.memory(policy.config());
    long copy = PolicyLayout.of(policy.config()).bytes(policies.type());
    LOG.infof(
        "training on %s; memory of each: %s; of the host for weights to publish: %s",
        config.training().devices(), memory, TrainingMemory.gigabytes(copy));
    devices.requireRoom(memory, copy);
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
}
