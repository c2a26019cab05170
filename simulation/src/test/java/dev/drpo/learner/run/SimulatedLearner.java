package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.counts.RunCounters;
import dev.drpo.learner.data.DataOrder;
import dev.drpo.learner.weights.Publication;
import dev.drpo.learner.weights.PublishedVersions;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.learner.weights.WeightLogWriter;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reports.Evaluation;
import dev.drpo.reports.EvaluationLog;
import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.RunCounts;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.QueueBacklog;
import dev.drpo.runtime.messaging.TopicEnds;
import dev.drpo.runtime.messaging.TopicKeeper;
import dev.drpo.simulation.PlantedBug;
import dev.drpo.tracking.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A learner as {@link Learner} puts it together, with a policy that computes nothing. What it opens
 * it never closes: its process ends instead.
 *
 * @param config of the run, whose folder is what outlives a process
 * @param pause lets time pass where a policy is computed or written
 * @param noise makes other policies of the same groups; 0 for none
 * @param scored everything in the scored log, for those who get it wrong
 * @param stop asks it to end
 */
public record SimulatedLearner(
    RunConfig config,
    Messaging messaging,
    Runnable pause,
    long noise,
    PlantedBug bug,
    Supplier<List<ScoredGroup>> scored,
    RunStop stop) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PROBLEMS = 10;
  private static final String CONFIGURATION = "simulated";

  /**
   * A run that is complete.
   *
   * @param history what its policy was made of
   * @param versions of the policy, the trained one last
   * @param evaluations what was found of the policy, before and after
   */
  public record Done(
      History history,
      List<PolicyVersion> versions,
      RunCounts counts,
      List<Evaluation> evaluations) {}

  /** Which problems a step of the run trains on. */
  public static DataOrder order(RunConfig config) {
    return new DataOrder(config.run().seed(), PROBLEMS, config.training().promptsPerStep());
  }

  /** Writes the policy that a run starts from; gives its version. */
  public static PolicyVersion writeStarting(RunConfig config) throws IOException {
    Files.createDirectories(config.policy().path());
    Path file = new PolicyFolder(config.policy().path()).weightsFile();
    HashedPolicy.writeStarting(file);
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return new PolicyVersion(0, PolicyDigest.of(weights));
    }
  }

  /** Trains from the newest checkpoint to the end. */
  public Done run() throws InterruptedException, IOException {
    messaging.clients().awaitTopics(messaging, () -> {});
    IntSupplier losses =
        bug == PlantedBug.LOST_TOPICS_LEFT ? () -> 0 : TopicKeeper.start(messaging)::losses;
    RunStatus status = new RunStatus(config.run().id(), config.training().steps());
    Path folder = config.run().directory();
    CheckpointStore checkpoints =
        new CheckpointStore(folder.resolve("checkpoints"), config.training().checkpointsKept());
    Optional<CheckpointStore.Checkpoint> newest = checkpoints.newest();
    StartingPoint start = new StartingPoint(config, newest);
    RunInputs.Prompts prompts = prompts();
    HashedPolicy policy = newest.map(this::restored).orElseGet(this::fresh);
    SnapshotStore policies =
        new SnapshotStore(
            folder.resolve("weights"), ElementType.F32, config.training().maxLag() + 3);
    Publisher publisher = Publisher.open(messaging);
    Map<Integer, Long> offsets =
        bug == PlantedBug.OFFSETS_COMMITTED_BEFORE_THE_STEP
            ? start.countedUpTo()
            : start.resumeOffsets();
    GroupLogs logs = GroupLogs.open(messaging, offsets, PromptCheck.of(prompts)::defect, PATIENCE);
    LogHead head = LogHead.open(messaging);
    Publication weights =
        new Publication(
            policies,
            new WeightLogWriter(
                publisher,
                messaging.topics().weights(),
                config.run().id(),
                "learner:9000",
                1024,
                0,
                messaging.clock()),
            head,
            status::published,
            start.snapshot(policies, new PolicyFolder(config.policy().path()), null),
            policy.copy(),
            messaging.threads());
    RunCounters counters = new RunCounters(start.counts());
    GroupTraces traces = new GroupTraces(messaging.tracing(), messaging.clock());
    GroupInbox inbox =
        logs.inbox(
            counters,
            new TopicRecovery(losses, weights),
            status::worked,
            messaging.threads()::nanoTime,
            traces,
            start);
    PromptDispatcher dispatcher =
        PromptDispatcher.to(messaging, config.run().id(), CONFIGURATION, publisher);
    TaskWatch watch =
        Learner.watch(
            messaging, inbox, dispatcher, weights, QueueBacklog.open(messaging), counters);
    StepGroups groups =
        new StepGroups(
            config,
            prompts.training(),
            dispatcher,
            inbox,
            watch,
            bug == PlantedBug.UNKNOWN_WEIGHTS_ACCEPTED ? new Credulous(weights) : weights,
            policy::signal,
            TailTokens.none(),
            traces,
            counters,
            status,
            start.step());
    RunProgress progress =
        new RunProgress(
            config,
            "simulated",
            status,
            counters,
            start.clock(),
            MetricsLog.open(RunProgress.metricsFile(config), start.step() + 1),
            Trackers.NONE);
    RunEvaluations evaluations =
        new RunEvaluations(
            config.evaluation().every(),
            new Evaluator(
                config,
                CONFIGURATION,
                prompts.evaluation(),
                dispatcher,
                inbox,
                watch,
                weights,
                status),
            new EvaluationLog(RunProgress.evaluationsFile(config)),
            _ -> {},
            status);
    TopicEnds ends = TopicEnds.now(messaging, PATIENCE);
    inbox.requireConfiguration(CONFIGURATION);
    inbox.disregard(letter -> ends.follow(Learner.source(letter)));
    inbox.catchUp();
    Evaluation before =
        new TrainingRun(
                config,
                groups,
                policy,
                weights,
                new RunCheckpoints(
                    config,
                    new RunSettings(new TreeMap<>(Map.of("SHA-256 of data.train", "none"))),
                    checkpoints,
                    new LogRetention(head, messaging.topics(), checkpoints),
                    policies::made,
                    inbox,
                    policy,
                    progress),
                evaluations,
                progress,
                StepSamples.of(config, prompts.training(), start.step()),
                stop)
            .train();
    PolicyVersion trained = weights.await();
    Evaluation after = evaluations.of(trained.step());
    return new Done(policy.history(), policies.made(), counters.counts(), List.of(before, after));
  }

  private HashedPolicy restored(CheckpointStore.Checkpoint checkpoint) {
    return planted(
        HashedPolicy.restored(
            pause,
            noise,
            checkpoint.policyFile(),
            checkpoint.optimizerFile(),
            checkpoint.manifest().optimizerSteps()));
  }

  private HashedPolicy fresh() {
    return planted(new HashedPolicy(pause, noise));
  }

  private HashedPolicy planted(HashedPolicy policy) {
    return switch (bug) {
      case DEDUPLICATION_OFF -> new BadPolicies.Greedy(policy, scored);
      case ORDER_OF_ARRIVAL -> new BadPolicies.Hasty(policy, scored);
      case CHECKPOINT_BEFORE_THE_UPDATE -> new BadPolicies.Late(policy);
      default -> policy;
    };
  }

  /** Takes every version for one of this run's. */
  private record Credulous(PublishedVersions weights) implements PublishedVersions {
    @Override
    public boolean knows(PolicyVersion version) {
      return true;
    }

    @Override
    public void onceOut(Work work) {
      weights.onceOut(work);
    }

    @Override
    public PolicyVersion await() throws InterruptedException {
      return weights.await();
    }
  }

  private RunInputs.Prompts prompts() {
    return new RunInputs.Prompts(
        problems("t", PROBLEMS), problems("h", config.evaluation().problems()));
  }

  private static List<RenderedProblem> problems(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new RenderedProblem(
                    new Problem(
                        prefix + i,
                        List.of(new ChatMessage("user", "w" + i)),
                        List.of("even"),
                        Map.of()),
                    new int[] {i + 1, 2}))
        .toList();
  }
}
