package dev.drpo.learner.run;

import com.google.protobuf.ByteString;
import dev.drpo.learner.counts.RunCounters;
import dev.drpo.learner.weights.PublishedVersions;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.objectives.Signal;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reports.RunCounts;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.QueueBacklog.Answer;
import dev.drpo.runtime.tracing.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The learner's side of a run without a broker: tasks go to a test, records come from it. */
final class Fixture {
  static final String CONFIGURATION = "c0ffee";

  final MemoryLog<ScoredGroup> scored = MemoryLog.awaited();
  final MemoryLog<DeadLetter> letters = MemoryLog.optional();
  final RunCounters counters = new RunCounters(RunCounts.NONE);
  final RunStatus status = new RunStatus("test", 10);
  final GroupInbox inbox =
      new GroupInbox(scored, letters, counters, () -> {}, status::worked, Map.of(), 0);
  private final FakeQueues queues = new FakeQueues();
  private Duration every = Duration.ofDays(1);
  final SnapshotStore policies;
  final List<PromptTask> sent = new ArrayList<>();
  private final Path folder;
  private Consumer<PromptTask> worker = task -> {};
  private final HeldPublication publication = new HeldPublication();
  private Signal signal = Signal.CORRECTNESS;
  private TailTokens tails = TailTokens.none();
  private final GroupTraces traces = new GroupTraces(Tracing.OFF, InstantSource.system());

  Fixture(Path folder) throws IOException {
    this.folder = folder;
    this.policies = new SnapshotStore(folder.resolve("weights"), ElementType.F32, 3);
  }

  /** What happens with every task that is sent out. */
  void onTask(Consumer<PromptTask> behaviour) {
    worker = behaviour;
  }

  /** From now on, what waits for the newest version is held until somebody awaits it. */
  void holdPublication(Runnable out) {
    publication.hold(out);
  }

  /** Brings the held version out. */
  void bringOut() {
    publication.await();
  }

  PromptDispatcher dispatcher() {
    return new PromptDispatcher(
        (topic, key, task) -> {
          sent.add(task);
          worker.accept(task);
          return CompletableFuture.completedFuture(null);
        },
        "test.drpo.prompts",
        "test",
        CONFIGURATION,
        InstantSource.system());
  }

  RunConfig config(int maxLag) {
    return config(maxLag, 0);
  }

  private RunConfig config(int maxLag, int mostExtraGroups) {
    return config(maxLag, mostExtraGroups, Map.of());
  }

  RunConfig config(int maxLag, int mostExtraGroups, Map<String, String> changes) {
    Map<String, String> overrides = new TreeMap<>(changes);
    overrides.put("run.id", "test");
    overrides.put("run.directory", folder.toString());
    overrides.put("training.max-lag", Integer.toString(maxLag));
    overrides.put("training.most-extra-groups", Integer.toString(mostExtraGroups));
    overrides.put("training.steps", "4");
    overrides.put("training.prompts-per-step", "3");
    overrides.put("training.mini-batches-per-step", "1");
    overrides.put("evaluation.problems", "3");
    overrides.put("evaluation.samples", "2");
    return ConfigLoader.load(null, Map.of(), overrides);
  }

  StepGroups steps(int maxLag, long firstStep) {
    return steps(config(maxLag), firstStep);
  }

  StepGroups steps(RunConfig config, long firstStep) {
    return new StepGroups(
        config,
        problems(7),
        dispatcher(),
        inbox,
        watch(),
        publication,
        step -> signal,
        tails,
        traces,
        counters,
        status,
        firstStep);
  }

  /** Strictly on-policy, with further prompts for groups without signal. */
  StepGroups refilling(int mostExtraGroups) {
    return new StepGroups(
        config(0, mostExtraGroups),
        problems(12),
        dispatcher(),
        inbox,
        watch(),
        publication,
        step -> signal,
        tails,
        traces,
        counters,
        status,
        0);
  }

  Evaluator evaluator() {
    return evaluator(CONFIGURATION);
  }

  /** One of a run under other settings. */
  Evaluator evaluator(String configuration) {
    return new Evaluator(
        config(0), configuration, problems(5), dispatcher(), inbox, watch(), publication, status);
  }

  /** An evaluator that tells the problems' sets apart by a key of their metadata. */
  Evaluator evaluatorBySet(String key, List<RenderedProblem> problems) {
    return new Evaluator(
        config(0, 0, Map.of("evaluation.sets", key)),
        CONFIGURATION,
        problems,
        dispatcher(),
        inbox,
        watch(),
        publication,
        status);
  }

  /** From now on, lost tasks are looked for whenever a group is waited for. */
  void lookForLostTasks(Answer prompts, Answer rollouts) {
    every = Duration.ZERO;
    queues.prompts = prompts;
    queues.rollouts = rollouts;
  }

  private TaskWatch watch() {
    return new TaskWatch(inbox, dispatcher(), publication, queues, counters, every, Duration.ZERO);
  }

  /** What the broker says of the work queues. */
  private static final class FakeQueues implements TaskWatch.WorkQueues {
    private Answer prompts = new Answer.Away();
    private Answer rollouts = new Answer.Away();

    @Override
    public Answer prompts() {
      return prompts;
    }

    @Override
    public Answer rollouts() {
      return rollouts;
    }
  }

  static List<RenderedProblem> problems(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new RenderedProblem(
                    new Problem(
                        "p" + i,
                        List.of(new ChatMessage("user", "w" + i)),
                        List.of("g" + i, "h" + i),
                        Map.of("level", "1")),
                    new int[] {1, i}))
        .toList();
  }

  /** What the objective needs of a group to learn from it. */
  void learnsFrom(Signal needed) {
    signal = needed;
  }

  /** What finds the tails of responses. */
  void findTailsBy(TailTokens finder) {
    tails = finder;
  }

  /** The counts so far. */
  RunCounts.Groups counted() {
    return counters.counts().groups();
  }

  /** A version that the learner has published. */
  PolicyVersion published(long step) {
    PolicyVersion version = stranger(step);
    policies.remember(PolicyRecords.version(version));
    return version;
  }

  /** A version that it has not. */
  static PolicyVersion stranger(long step) {
    byte[] digest = new byte[32];
    digest[0] = (byte) (step + 1);
    return PolicyVersion.newBuilder().setStep(step).setDigest(ByteString.copyFrom(digest)).build();
  }

  List<Long> sentSteps() {
    return sent.stream().map(task -> task.getId().getStep()).toList();
  }

  /** A publication that takes as long as the test wants, or no time. */
  private final class HeldPublication implements PublishedVersions {
    private final List<Work> waiting = new ArrayList<>();
    private Optional<Runnable> held = Optional.empty();

    void hold(Runnable out) {
      held = Optional.of(out);
    }

    @Override
    public boolean knows(dev.drpo.policy.checkpoint.PolicyVersion version) {
      return policies.knows(version);
    }

    @Override
    public void onceOut(Work work) {
      waiting.add(work);
      if (held.isEmpty()) {
        finish();
      }
    }

    @Override
    public dev.drpo.policy.checkpoint.PolicyVersion await() {
      held.ifPresent(Runnable::run);
      held = Optional.empty();
      finish();
      return null;
    }

    private void finish() {
      try {
        for (Work work : waiting) {
          work.run();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      waiting.clear();
    }
  }
}
