package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.learner.RunFiles;
import dev.drpo.learner.checkpoint.CheckpointException;
import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.data.DataOrder;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.problems.ProblemFile;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.RunCounts;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;
import dev.drpo.reports.samples.SampleFiles;
import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.runtime.messaging.Topics;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs over a real broker; only sampling and judging are made up. */
@Timeout(300)
class LearnerTest {
  private static final long GROUPS = (long) RunFiles.STEPS * RunFiles.PROMPTS_PER_STEP;

  @TempDir static Path directory;
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();
  private static RunFiles files;
  private static RunReport uninterrupted;

  @BeforeAll
  static void runWithoutInterruption() throws Exception {
    files = RunFiles.write(directory);
    uninterrupted = complete(config("uninterrupted", Map.of()));
  }

  @Test
  void aRunTrainsOnEveryGroupOnceAndLeavesItsReportMetricsAndPolicy() throws Exception {
    assertThat(uninterrupted.steps()).isEqualTo(RunFiles.STEPS);
    assertThat(uninterrupted.groups())
        .isEqualTo(new RunCounts.Groups(GROUPS, GROUPS, GROUPS, 0, 0, 0, 0));
    assertThat(uninterrupted.before().samples()).isEqualTo(4);
    assertThat(uninterrupted.after().samples()).isEqualTo(4);
    assertThat(uninterrupted.tokensLearned()).isEqualTo(uninterrupted.tokensGenerated());
    Path folder = directory.resolve("uninterrupted");
    assertThat(folder.resolve("report.json")).exists();
    List<StepMetrics> metrics = MetricsLog.read(folder.resolve("metrics.jsonl"));
    assertThat(metrics).extracting(StepMetrics::step).containsExactly(1L, 2L, 3L, 4L);
    assertThat(metrics)
        .allSatisfy(
            step -> {
              assertThat(step.policyLag()).isZero();
              // The worker computes one sequence at a time, the learner packed micro-batches.
              assertThat(step.logProbabilityGap()).isLessThan(1e-4);
              assertThat(step.gradientNorm()).isPositive();
            });
    theFirstStepsResponsesAreKeptWhole(SampleFiles.ofRun(folder));
    PolicyFolder exported = new PolicyFolder(folder.resolve("policy"));
    assertThat(exported.config()).isEqualTo(new PolicyFolder(directory.resolve("policy")).config());
    assertThat(digest(exported.weightsFile())).isEqualTo(uninterrupted.policyDigest());
    assertThat(digest(directory.resolve("policy/model.safetensors")))
        .isNotEqualTo(uninterrupted.policyDigest());
  }

  private static void theFirstStepsResponsesAreKeptWhole(SampleFiles kept) throws IOException {
    assertThat(kept.steps()).containsExactly(1L, 2L, 3L, 4L);
    List<SampleGroup> groups = kept.read(1);
    assertThat(groups).hasSize(RunFiles.PROMPTS_PER_STEP);
    assertThat(groups)
        .allSatisfy(
            group -> {
              assertThat(group.question()).isNotEmpty();
              assertThat(group.size()).isEqualTo(group.responses().size());
              assertThat(group.responses())
                  .allSatisfy(
                      response -> {
                        assertThat(response.tokens()).isPositive();
                        assertThat(response.versions()).containsExactly(0L);
                        // A wrong one may be pulled up, too, by what holds the policy back.
                        assertThat(response.weight())
                            .matches(
                                weight -> response.right() ? weight >= 0 : Double.isFinite(weight));
                      });
            });
    assertThat(groups)
        .anySatisfy(
            group ->
                assertThat(group.responses())
                    .anySatisfy(response -> assertThat(response.weight()).isNotZero()));
  }

  @Test
  void theLogHoldsTheAnnouncementsOfTheVersionsThatCanBeFetched() throws Exception {
    Messaging messaging = messaging(config("uninterrupted", Map.of()));
    List<PolicyVersion> versions = new ArrayList<>();
    try (RecordLog<WeightRecord> log =
        RecordLog.open(
            messaging,
            messaging.topics().weights(),
            WeightRecord.parser(),
            Map.of(),
            Duration.ofMinutes(1))) {
      Await.until(
          "all announcements",
          () -> {
            try {
              log.poll(Duration.ofMillis(100))
                  .forEach(entry -> versions.add(entry.value().getAnnouncement().getVersion()));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return !versions.isEmpty() && versions.getLast().getStep() == RunFiles.STEPS;
          });
    }
    assertThat(versions).extracting(PolicyVersion::getStep).containsExactly(2L, 3L, 4L);
    assertThat(PolicyDigest.of(versions.getLast().getDigest().toByteArray()).hex())
        .isEqualTo(uninterrupted.policyDigest());
  }

  /**
   * Stopped right after a checkpoint, stopped with steps behind it that are trained again from the
   * log, and stopped before there is any.
   */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 2", "2, 3", "3, 1"})
  void aStoppedRunResumesToTheWeightsOfAnUninterruptedOne(int checkpointEvery, int stepsDone)
      throws Exception {
    RunConfig config =
        config(
            "stopped-%d-%d".formatted(checkpointEvery, stepsDone),
            Map.of(
                "training.checkpoint-every",
                Integer.toString(checkpointEvery),
                "tracking.tensorboard",
                "true"));
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      stopAfter(stepsDone, config, worker);
      RunStatus status = status(config);
      RunReport resumed = run(config, worker, status);
      assertThat(worker.failure()).isEmpty();
      learnedAsUninterrupted(resumed);
      assertThat(resumed.before()).isEqualTo(uninterrupted.before());
      assertThat(resumed.after()).isEqualTo(uninterrupted.after());
      assertThat(status.snapshot().getState()).isEqualTo(RunState.RUN_STATE_COMPLETED);
      assertThat(repeatable(config))
          .isEqualTo(repeatable(config("uninterrupted", Map.of())))
          .hasSize(RunFiles.STEPS);
      // One of each process.
      assertThat(config.run().directory().resolve("tensorboard"))
          .isDirectoryContaining(file -> file.toString().contains("tfevents"))
          .satisfies(folder -> assertThat(folder.toFile().list()).hasSize(2));
    }
  }

  /**
   * The same policy of the same groups. Tasks that were out are sent again, and may come back
   * twice.
   */
  private static void learnedAsUninterrupted(RunReport resumed) {
    assertThat(resumed.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(resumed.groups().trained()).isEqualTo(GROUPS);
    assertThat(resumed.groups().scored()).isEqualTo(GROUPS);
    assertThat(resumed.tokensLearned()).isEqualTo(uninterrupted.tokensLearned());
    assertThat(resumed.tokensGenerated()).isEqualTo(uninterrupted.tokensGenerated());
  }

  /** No checkpoint is due before the end; the one that is written is of what has been learned. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunThatIsAskedToEndKeepsEveryStepThatItHasTaken(boolean learning) throws Exception {
    RunConfig config = config("asked-" + learning, Map.of("training.checkpoint-every", "100"));
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      stop(
          config,
          worker,
          learning ? RunFiles.STEPS - 1 : 2,
          (status, stop) -> learning ? stop.isLearning() : waitsAfter(2, status.snapshot()),
          (thread, stop) -> stop.ask(thread));
      assertThat(checkpoint(config).step()).isPositive().isEqualTo(repeatable(config).size());
      RunReport resumed = run(config, worker, status(config));
      assertThat(worker.failure()).isEmpty();
      learnedAsUninterrupted(resumed);
      assertThat(repeatable(config)).isEqualTo(repeatable(config("uninterrupted", Map.of())));
    }
  }

  /** What a step's line says beside how long things took. */
  private static List<List<Object>> repeatable(RunConfig config) throws IOException {
    return MetricsLog.read(config.run().directory().resolve("metrics.jsonl")).stream()
        .map(
            step ->
                List.<Object>of(
                    step.step(),
                    step.groupsDigest(),
                    step.entropy(),
                    step.solveRates(),
                    step.lengthsCorrect(),
                    step.lengthsWrong(),
                    step.meanLengthEnded(),
                    step.logProbabilityGapKlP99(),
                    step.rightPushedDown(),
                    step.policyLagMax()))
        .toList();
  }

  @Test
  void aBrokenCheckpointCostsTheStepsSinceTheOneBeforeAndNothingElse() throws Exception {
    RunConfig config = config("broken", Map.of("training.checkpoint-every", "1"));
    complete(config);
    Path checkpoints = config.run().directory().resolve("checkpoints");
    Files.write(checkpoints.resolve("step-00000004/optimizer.safetensors"), new byte[] {1});

    RunReport again = complete(config);

    assertThat(again.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(again.groups().trained()).isEqualTo(GROUPS);
    assertThat(again.groups().scored()).isEqualTo(GROUPS);
    assertThat(again.groups().duplicates()).isZero();
    for (String step : List.of("step-00000003", "step-00000004")) {
      Files.delete(checkpoints.resolve(step).resolve("policy.safetensors"));
    }
    assertThatThrownBy(() -> complete(config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("step-00000004 is broken (policy.safetensors is missing), step-0")
        .hasMessageContaining("restore one from a copy");
  }

  @Test
  void theBrokerKeepsWhatEveryKeptCheckpointNeedsToGoOn() throws Exception {
    RunConfig config = config("trimmed", Map.of("training.checkpoint-every", "1"));
    complete(config);
    Path checkpoints = config.run().directory().resolve("checkpoints");
    long needed = new CheckpointStore(checkpoints, 2).firstNeededOffsets().getOrDefault(0, 0L);
    Topics topics = messaging(config).topics();
    // Two groups of the evaluation before, and those of the steps up to the older checkpoint.
    assertThat(needed).isEqualTo(2 + 3L * RunFiles.PROMPTS_PER_STEP);
    Await.until("a log without its head", () -> firstOffset(topics.scored()) == needed);
    Await.until("a queue without its head", () -> firstOffset(topics.prompts()) > 0);

    deleteTree(checkpoints.resolve("step-00000004"));
    RunReport again = complete(config);

    assertThat(again.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(again.groups()).isEqualTo(uninterrupted.groups());
    assertThat(again.tokensLearned()).isEqualTo(uninterrupted.tokensLearned());
    assertThat(again.after()).isEqualTo(uninterrupted.after());
  }

  /** As of a broker on which this user may not delete. */
  @Test
  void aBrokerThatRemovesNothingIsToldOfOnceAndTheRunGoesOn() throws Exception {
    RunConfig config = config("kept", Map.of("training.checkpoint-every", "1"));
    Topics topics = messaging(config).topics();
    List<String> told = new CopyOnWriteArrayList<>();
    Handler handler = collecting(told);
    Logger log = Logger.getLogger(LogRetention.class.getName());
    try (Admin admin = admin()) {
      for (String topic : List.of(topics.scored(), topics.prompts())) {
        NewTopic compacted =
            new NewTopic(topic, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
        admin.createTopics(List.of(compacted)).all().get();
      }
      log.addHandler(handler);
      assertThat(complete(config).policyDigest()).isEqualTo(uninterrupted.policyDigest());
    } finally {
      log.removeHandler(handler);
    }
    assertThat(told)
        .singleElement()
        .asString()
        .contains("kept.drpo.", "allow this user to delete records");
    assertThat(firstOffset(topics.scored())).isZero();
  }

  private static Handler collecting(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static long firstOffset(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = admin()) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.earliest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Test
  void aStoppedRunWhoseGroupsAreRefilledAsksForTheSameOnesAgain() throws Exception {
    Map<String, String> refill =
        Map.of(
            // Every other group of two is all right or all wrong.
            "sampling.group-size", "2",
            "training.most-extra-groups", "4",
            "training.checkpoint-every", "2");
    RunReport whole = complete(config("refilled", refill));
    RunConfig config = config("refilled-stopped", refill);
    RunReport resumed = stopAndResume(3, config, config);
    assertThat(resumed.policyDigest()).isEqualTo(whole.policyDigest());
    assertThat(resumed.tokensLearned()).isEqualTo(whole.tokensLearned());
    assertThat(resumed.groups().scored()).isEqualTo(whole.groups().scored());
    assertThat(resumed.groups().trained()).isEqualTo(GROUPS);
    assertThat(whole.groups().trained()).isEqualTo(GROUPS);
    List<StepMetrics> metrics = MetricsLog.read(config.run().directory().resolve("metrics.jsonl"));
    assertThat(metrics.stream().mapToInt(StepMetrics::extraGroups).sum())
        .isPositive()
        .isEqualTo((int) (whole.groups().scored() - GROUPS));
    assertThat(metrics.stream().mapToInt(StepMetrics::refilledGroups).sum()).isPositive();
  }

  @Test
  void whatIsLostOnItsWayIsSentAgainAndTheRunEndsAsIfItHadNotBeen() throws Exception {
    RunConfig config = config("lossy", Map.of());
    RunReport report;
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      // One group of the first evaluation, and two of the second step.
      AtomicInteger evaluated = new AtomicInteger();
      AtomicInteger trained = new AtomicInteger();
      worker.lose(
          id ->
              id.getPurpose() == Purpose.PURPOSE_EVALUATION
                  ? evaluated.getAndIncrement() == 0
                  : id.getStep() == 1 && trained.getAndIncrement() < 2);
      report = run(config, worker, status(config));
      assertThat(worker.failure()).isEmpty();
    }
    assertThat(report.groups()).isEqualTo(new RunCounts.Groups(GROUPS, GROUPS, GROUPS, 0, 0, 0, 3));
    assertThat(report.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(report.before()).isEqualTo(uninterrupted.before());
  }

  @Test
  void aGroupOfAnotherPromptIsADeadLetterAndNotLearnedFrom() throws Exception {
    RunConfig config = config("other-prompt", Map.of());
    RunReport report;
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      AtomicReference<GroupId> changed = new AtomicReference<>();
      worker.changePrompts(
          id ->
              id.getPurpose() == Purpose.PURPOSE_TRAINING
                  && id.getStep() == 1
                  && changed.compareAndSet(null, id));
      report = run(config, worker, status(config));
      assertThat(worker.failure()).isEmpty();
    }
    assertThat(report.groups())
        .isEqualTo(new RunCounts.Groups(GROUPS, GROUPS - 1, GROUPS - 1, 0, 0, 1, 0));
    try (RecordLog<DeadLetter> letters =
        RecordLog.open(
            messaging(config),
            messaging(config).topics().deadLetters(),
            DeadLetter.parser(),
            Map.of(),
            Duration.ofSeconds(30))) {
      assertThat(letters.poll(Duration.ofSeconds(30)))
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(letter.value().getReason()).contains("the group's prompt", "differs"));
    }
  }

  @Test
  void aFinishedRunThatIsStartedAgainOnlyReportsAgain() throws Exception {
    RunReport again = complete(config("uninterrupted", Map.of()));
    assertThat(again.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(again.groups()).isEqualTo(uninterrupted.groups());
    assertThat(again.after()).isEqualTo(uninterrupted.after());
  }

  @Test
  void aChangedRunIsRefusedWithWhatDiffersUnlessItIsAskedFor() throws Exception {
    complete(config("changed", Map.of("training.steps", "2")));
    Map<String, String> changes =
        Map.of("run.seed", "9", "optimizer.learning-rate", "5e-4", "training.threads", "2");

    assertThatThrownBy(() -> complete(config("changed", changes)))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining(
            "optimizer.learning-rate was 0.001 and is 5.0E-4, run.seed was 0 and is 9")
        .hasMessageContaining("set run.resume-changed to true");

    Map<String, String> allowed = new TreeMap<>(changes);
    allowed.put("run.resume-changed", "true");
    assertThat(complete(config("changed", allowed)).steps()).isEqualTo(RunFiles.STEPS);
    // From now on these are the run's settings.
    assertThat(complete(config("changed", changes)).steps()).isEqualTo(RunFiles.STEPS);
  }

  @Test
  void aResumedRunRemembersWhatItsObjectiveHasSeen() throws Exception {
    // The checkpoint of step 2 ends an epoch: the questions after it have been seen before.
    Map<String, String> hapo = Map.of("objective.name", "hapo", "training.checkpoint-every", "2");
    RunReport whole = complete(config("hapo", hapo));
    RunConfig config = config("hapo-stopped", hapo);
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      stopAfter(3, config, worker);
      assertThat(remembered(config)).isNotEmpty();
      RunReport resumed = run(config, worker, status(config));
      assertThat(worker.failure()).isEmpty();
      assertThat(resumed.policyDigest()).isEqualTo(whole.policyDigest());
      assertThat(remembered(config)).isEqualTo(remembered(config("hapo", hapo)));
    }
    assertThatThrownBy(() -> complete(config("hapo", Map.of("objective.name", "grpo"))))
        .isInstanceOf(RunFailure.class)
        .hasMessageContaining("objective.name was hapo and is grpo");
    RunConfig other =
        config(
            "hapo",
            Map.of("objective.name", "grpo", "training.steps", "5", "run.resume-changed", "true"));
    assertThat(complete(other).steps()).isEqualTo(5);
    assertThat(remembered(other)).isEmpty();
  }

  @Test
  void policiesInBetweenAreEvaluatedOnceEachAndTheBestIsKept() throws Exception {
    Map<String, String> inBetween = Map.of("evaluation.every", "1", "evaluation.samples", "8");
    RunConfig config = config("in-between", inBetween);
    RunReport report;
    List<GroupId> evaluated;
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      stopAfter(2, config, worker);
      RunStatus status = status(config);
      report = run(config, worker, status);
      assertThat(worker.failure()).isEmpty();
      evaluated =
          worker.answered().stream()
              .filter(id -> id.getPurpose() == Purpose.PURPOSE_EVALUATION)
              .toList();
      assertThat(status.snapshot().getEvaluationsCount()).isEqualTo(RunFiles.STEPS + 1);
      assertThat(status.snapshot().getBest().getStep()).isEqualTo(report.bestStep());
    }
    // Two problems at each of the steps, the first and the last one's included.
    assertThat(evaluated).hasSize(2 * (RunFiles.STEPS + 1)).doesNotHaveDuplicates();
    assertThat(report.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(report.evaluations())
        .extracting(PolicyEvaluation::step)
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(report.evaluations().getFirst().evaluation()).isEqualTo(report.before());
    assertThat(report.evaluations().getLast().evaluation()).isEqualTo(report.after());
    Path folder = config.run().directory();
    assertThat(Files.readAllLines(folder.resolve("evaluations.jsonl"))).hasSize(5);
    assertThat(report.bestStep()).isPositive();
    dev.drpo.policy.checkpoint.PolicyVersion best =
        checkpoint(config).versions().get(report.bestStep().intValue());
    assertThat(digest(folder.resolve("best/model.safetensors"))).isEqualTo(best.digest().hex());
    assertThat(folder.resolve("best.json")).hasContent("{\"step\":" + best.step() + "}");
  }

  private static Map<String, Long> remembered(RunConfig config) throws IOException {
    return checkpoint(config).objectiveState();
  }

  private static CheckpointManifest checkpoint(RunConfig config) throws IOException {
    return new CheckpointStore(config.run().directory().resolve("checkpoints"), 2)
        .newest()
        .orElseThrow()
        .manifest();
  }

  @Test
  void aDefectiveGroupThatWasThereBeforeBecomesADeadLetterAndItsTaskIsSentAllTheSame()
      throws Exception {
    RunConfig config = config("defective", Map.of());
    Messaging messaging = messaging(config);
    new TopicProvisioner(messaging).provision(Duration.ofMinutes(1));
    ProblemFile problems = ProblemFile.read(config.data().train());
    int first =
        new DataOrder(config.run().seed(), problems.problems().size(), RunFiles.PROMPTS_PER_STEP)
            .problemsOf(0)[0];
    ScoredGroup.Builder defective =
        Records.scored(
            Records.training(0, problems.problems().get(first).id()), Fixture.stranger(0))
            .toBuilder();
    defective.getGroupBuilder().getIdBuilder().setRun(config.run().id());
    defective.getGroupBuilder().getRolloutsBuilder(1).clearLogProbabilities();
    try (Publisher publisher = Publisher.open(messaging)) {
      publisher.publish(messaging.topics().scored(), "defective", defective.build()).get();
    }

    RunReport report = complete(config);

    assertThat(report.groups().trained()).isEqualTo(GROUPS);
    assertThat(report.groups().deadLetters()).isEqualTo(1);
    assertThat(report.policyDigest()).isEqualTo(uninterrupted.policyDigest());
  }

  @Test
  void overlappingGenerationWithLearningTrainsEveryGroupOnce() throws Exception {
    RunReport report = complete(config("overlapping", Map.of("training.max-lag", "1")));
    assertThat(report.groups().trained()).isEqualTo(GROUPS);
    assertThat(MetricsLog.read(directory.resolve("overlapping/metrics.jsonl")))
        .extracting(StepMetrics::policyLag)
        .containsExactly(0.0, 1.0, 1.0, 1.0);
  }

  /**
   * Two workers, bfloat16, recomputed layers and log-probabilities, correction and bands, cosine,
   * hinge.
   */
  @Test
  void aRunWithEveryOptionResumesToTheWeightsOfAnUninterruptedOne() throws Exception {
    Map<String, String> options =
        new TreeMap<>(
            Map.of(
                "training.threads", "2",
                "training.compute", "bfloat16",
                "training.recompute", "layers",
                "training.old-log-probabilities", "recompute",
                "training.gap-alarm-of-delta", "1e-9",
                "training.importance-cap", "2",
                "training.hinge", "micro-batch",
                "training.prompts-per-hinge", "1",
                "optimizer.schedule", "cosine",
                "optimizer.warmup-steps", "1"));
    options.put("training.importance-band", "0.97..1.03");
    options.put("training.response-band", "0.9..1.1");
    RunReport whole = complete(config("options", options));
    RunConfig config = config("options-stopped", options);
    assertThat(stopAndResume(2, config, config).policyDigest()).isEqualTo(whole.policyDigest());
    assertThat(whole.policyDigest()).isNotEqualTo(uninterrupted.policyDigest());
    List<StepMetrics> metrics = MetricsLog.read(directory.resolve("options/metrics.jsonl"));
    assertThat(metrics).extracting(StepMetrics::skippedUpdates).containsOnly(0);
    assertThat(metrics).extracting(StepMetrics::logProbabilityAlarm).containsOnly(1);
    assertThat(metrics)
        .allSatisfy(step -> assertThat(step.leftOutTokens()).isStrictlyBetween(0.0, 1.0));
    assertThat(metrics)
        .allSatisfy(
            step ->
                assertThat(step.logProbabilityGapMean())
                    .isPositive()
                    .isLessThan(step.logProbabilityGap()));
    assertThat(metrics)
        .allSatisfy(
            step -> {
              assertThat(step.logProbabilityGapKl()).isPositive();
              assertThat(step.logProbabilityGapOfDelta())
                  .isCloseTo(step.logProbabilityGapKl() / 1e-4, within(1e-9));
              assertThat(step.klAfter()).isPositive();
            });
    assertThat(metrics.get(1).learningRate()).isEqualTo(1e-3);
    assertThat(metrics.getLast().learningRate()).isCloseTo(1e-3 / 4, within(1e-12));
  }

  @Test
  void aRunOnSeveralDevicesResumesOnThemBitForBitAndOnAnyOtherNumber() throws Exception {
    Map<String, String> devices =
        Map.of("training.devices", "cpu,cpu,cpu", "training.compute", "bfloat16");
    RunReport whole = complete(config("devices", devices));
    RunConfig same = config("devices-stopped", devices);
    assertThat(stopAndResume(2, same, same).policyDigest()).isEqualTo(whole.policyDigest());
    Map<String, String> fewer = new TreeMap<>(devices);
    fewer.put("training.devices", "cpu");
    RunConfig before = config("devices-fewer", devices);
    RunConfig after = config("devices-fewer", fewer);
    assertThat(stopAndResume(2, before, after).groups().trained()).isEqualTo(GROUPS);
  }

  private static RunReport complete(RunConfig config) throws Exception {
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      RunReport report = run(config, worker, status(config));
      assertThat(worker.failure()).isEmpty();
      return report;
    }
  }

  private static RunReport run(RunConfig config, FakeWorker worker, RunStatus status)
      throws Exception {
    return run(config, worker, status, Long.MAX_VALUE);
  }

  /** Runs with a worker that sits on the groups of later steps. */
  private static RunReport run(RunConfig config, FakeWorker worker, RunStatus status, long heldFrom)
      throws Exception {
    return run(config, worker, status, heldFrom, new RunStop());
  }

  private static RunReport run(
      RunConfig config, FakeWorker worker, RunStatus status, long heldFrom, RunStop stop)
      throws Exception {
    Learner learner = new Learner(config, messaging(config), status);
    worker.follow(learner.policies(), heldFrom);
    return learner.run(stop);
  }

  /** Stops a run after so many steps and goes on with it under another configuration. */
  private static RunReport stopAndResume(int steps, RunConfig before, RunConfig after)
      throws Exception {
    try (FakeWorker worker = new FakeWorker(messaging(before))) {
      stopAfter(steps, before, worker);
      RunReport resumed = run(after, worker, status(after));
      assertThat(worker.failure()).isEmpty();
      return resumed;
    }
  }

  /** Runs until so many steps are done and the next one waits for its groups, then interrupts. */
  private static void stopAfter(int steps, RunConfig config, FakeWorker worker) throws Exception {
    stop(
        config,
        worker,
        steps,
        (status, _) -> waitsAfter(steps, status.snapshot()),
        (thread, _) -> thread.interrupt());
  }

  /**
   * Runs until it is time, with a worker that sits on the groups of later steps, and then stops.
   *
   * @param heldFrom the first of these steps
   */
  private static void stop(
      RunConfig config,
      FakeWorker worker,
      long heldFrom,
      BiPredicate<RunStatus, RunStop> time,
      BiConsumer<Thread, RunStop> how)
      throws Exception {
    RunStatus status = status(config);
    RunStop stop = new RunStop();
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .name("learner")
            .start(
                () -> {
                  try {
                    run(config, worker, status, heldFrom, stop);
                  } catch (Exception | Error e) {
                    end.set(e);
                  }
                });
    while (thread.isAlive() && !time.test(status, stop)) {
      Thread.onSpinWait();
    }
    assertThat(thread.isAlive()).as("it stopped early: %s", end.get()).isTrue();
    how.accept(thread, stop);
    thread.join();
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
  }

  private static boolean waitsAfter(int steps, GetStatusResponse status) {
    return status.getStepsDone() == steps
        && status.getPhaseGroupsDone() == 0
        && status.getPhaseGroupsTotal() == RunFiles.PROMPTS_PER_STEP;
  }

  private static RunConfig config(String run, Map<String, String> changes) {
    Map<String, String> settings = new TreeMap<>(files.settings(run, broker.bootstrapServers()));
    settings.putAll(changes);
    return ConfigLoader.load(null, Map.of(), settings);
  }

  private static Messaging messaging(RunConfig config) {
    return Messaging.of(config, "learner-test", InstantSource.system());
  }

  private static RunStatus status(RunConfig config) {
    return new RunStatus(config.run().id(), config.training().steps());
  }

  private static String digest(Path file) throws IOException {
    assertThat(Files.size(file)).isPositive();
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return PolicyDigest.of(weights).hex();
    }
  }
}
