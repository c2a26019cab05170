package dev.drpo.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.rollout.weights.FakeLearner;
import dev.drpo.rollout.weights.RecordedUpdates;
import dev.drpo.rollout.weights.WeightState;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RecordBudget;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.RecordPosition;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.runtime.messaging.Topics;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A replica on a real broker. */
class RolloutReplicaTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Tasks that a replica of these tests holds at once: the slots' groups and one more. */
  private static final int LEASES = 3;

  @TempDir private static Path folder;
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();
  private static PolicyFolder policy;

  @BeforeAll
  static void start() throws IOException {
    policy = TinyPolicy.write(folder.resolve("policy"), 1);
  }

  @Test
  void everyTaskBecomesAGroupAndTheImpossibleOnesDeadLetters() throws Exception {
    Run run = new Run("tasks");
    try (Publisher publisher = run.publisher();
        RolloutReplica replica = run.replica("one")) {
      for (int i = 0; i < 6; i++) {
        run.publish(publisher, task("p" + i, 0).build());
      }
      run.publish(
          publisher,
          task("too-long", 0)
              .addAllPromptTokens(IntStream.range(0, 40).map(i -> 1).boxed().toList())
              .build());
      // It leaves no room for responses.
      run.publish(
          publisher,
          task("too-large", 0)
              .putMetadata("filler", "x".repeat(RecordBudget.LARGEST - 200))
              .build());
      List<RolloutGroup> groups = run.read(run.topics().rollouts(), RolloutGroup.parser(), 6);
      assertThat(groups)
          .extracting(group -> group.getId().getPrompt())
          .containsExactlyInAnyOrder("p0", "p1", "p2", "p3", "p4", "p5");
      for (RolloutGroup group : groups) {
        assertThat(group.getReplica()).isEqualTo("one");
        assertThat(group.getGoldsList()).containsExactly("4");
        assertThat(group.getMetadataMap()).containsEntry("level", "easy");
        assertThat(group.getRolloutsList()).hasSize(4);
        for (Rollout rollout : group.getRolloutsList()) {
          assertThat(rollout.getLogProbabilitiesCount()).isEqualTo(rollout.getTokensCount());
          assertThat(rollout.getVersions(0).getTokens()).isEqualTo(rollout.getTokensCount());
          assertThat(rollout.getText()).doesNotContain("<end>");
        }
      }
      List<DeadLetter> letters = run.read(run.topics().deadLetters(), DeadLetter.parser(), 2);
      assertThat(reason(letters, "too-long")).contains("the prompt has ", "is the most here");
      // At once: sampled again, it would be as large.
      assertThat(reason(letters, "too-large"))
          .contains("its group can't be published", "33554432", "lower the group size");
      assertThat(replica.engine().status().groups()).isEqualTo(7);
    }
  }

  @Test
  void announcedWeightsReachTheReplicaAndReleaseTheTasksThatWaitForThem() throws Exception {
    Run run = new Run("weights");
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    RecordedUpdates updates = new RecordedUpdates();
    try (Publisher publisher = run.publisher();
        FakeLearner learner = new FakeLearner();
        RolloutReplica replica = run.replica("one", updates)) {
      run.publish(publisher, task("strict", 1).build());
      run.publish(publisher, task("any", 0).build());
      assertThat(run.read(run.topics().rollouts(), RolloutGroup.parser(), 1))
          .extracting(group -> group.getId().getPrompt())
          .containsExactly("any");
      run.announce(publisher, learner.publish(TinyPolicy.version(1, newWeights), newWeights));
      RolloutGroup strict = run.read(run.topics().rollouts(), RolloutGroup.parser(), 2).getLast();
      assertThat(strict.getId().getPrompt()).isEqualTo("strict");
      assertThat(strict.getRolloutsList())
          .allSatisfy(r -> assertThat(r.getVersions(0).getVersion().getStep()).isEqualTo(1));
      assertThat(replica.weights().orElseThrow().state())
          .isEqualTo(new WeightState.Current(TinyPolicy.version(1, newWeights)));
      assertThat(updates.firstTokens()).hasSize(1);
    }
  }

  @Test
  void patchesReachTheReplicaThroughTheBrokerAndLeadALateJoinerOnFromTheSnapshot()
      throws Exception {
    Path starting = folder.resolve("bfloat16");
    TinyPolicy.write(starting, 1);
    Path first = TinyPolicy.bfloat16(starting.resolve("model.safetensors"), 1);
    Path second = TinyPolicy.moved(first, folder.resolve("patched-1.safetensors"), 1);
    Path third = TinyPolicy.moved(second, folder.resolve("patched-2.safetensors"), 2);
    PolicyVersion version1 = TinyPolicy.version(1, second);
    PolicyVersion version2 = TinyPolicy.version(2, third);
    Run run = new Run("patches", starting);
    RecordedUpdates updates = new RecordedUpdates();
    RecordedUpdates late = new RecordedUpdates();
    try (Publisher publisher = run.publisher();
        FakeLearner learner = new FakeLearner();
        RolloutReplica replica = run.replica("early", updates)) {
      learner
          .publishPatch(TinyPolicy.version(0, first), first, version1, second)
          .forEach(record -> run.announce(publisher, record));
      awaitWeights(replica, version1);
      assertThat(updates.fetchedBytes()).isEmpty();
      // What comes before the newest version is gone when the other replica starts.
      run.removeWeights(run.announce(publisher, learner.publish(version1, second)));
      try (RolloutReplica joiner = run.replica("late", late)) {
        awaitWeights(joiner, version1);
        learner
            .publishPatch(version1, second, version2, third)
            .forEach(record -> run.announce(publisher, record));
        awaitWeights(joiner, version2);
        awaitWeights(replica, version2);
      }
      assertThat(late.fetchedBytes()).hasSize(1);
      assertThat(late.patchedBytes()).hasSize(1);
      assertThat(updates.fetchedBytes()).isEmpty();
      assertThat(updates.patchedBytes()).hasSize(2);
    }
  }

  private static String reason(List<DeadLetter> letters, String prompt) {
    return letters.stream()
        .filter(letter -> letter.getId().getPrompt().equals(prompt))
        .map(DeadLetter::getReason)
        .findFirst()
        .orElseThrow();
  }

  private static void awaitWeights(RolloutReplica replica, PolicyVersion version) {
    Await.until(
        "weights " + version,
        () -> replica.weights().orElseThrow().state().equals(new WeightState.Current(version)));
  }

  /** The learner and its snapshots are gone before the replica could fetch its newest weights. */
  @Test
  void tasksOfALearnersEarlierLifeGiveTheirLeasesToThoseOfTheResumedOne() throws Exception {
    Run run = new Run("resumed");
    Path step2 = TinyPolicy.weights(folder.resolve("step-2.safetensors"), 2);
    Path step5 = TinyPolicy.weights(folder.resolve("step-5.safetensors"), 5);
    try (Publisher publisher = run.publisher();
        RolloutReplica replica = run.replica("survivor")) {
      try (FakeLearner dead = new FakeLearner()) {
        WeightRecord lost = dead.publish(TinyPolicy.version(5, step5), step5);
        dead.close();
        run.announce(publisher, lost);
      }
      for (int i = 0; i < LEASES; i++) {
        run.publish(publisher, task("later-" + i, 5).build());
      }
      Await.until(
          "every lease is taken", () -> replica.engine().status().waitingGroups() == LEASES);
      try (FakeLearner resumed = new FakeLearner()) {
        run.announce(publisher, resumed.publish(TinyPolicy.version(2, step2), step2));
        for (int i = 0; i < LEASES; i++) {
          run.publish(publisher, task("now-" + i, 2).build());
        }
        assertThat(run.read(run.topics().rollouts(), RolloutGroup.parser(), LEASES))
            .extracting(group -> group.getId().getPrompt())
            .containsExactlyInAnyOrder("now-0", "now-1", "now-2");
        // The resumed learner gets there again.
        run.announce(publisher, resumed.publish(TinyPolicy.version(5, step5), step5));
        run.publish(publisher, task("later-0", 5).build());
        assertThat(
                run.read(run.topics().rollouts(), RolloutGroup.parser(), LEASES + 1)
                    .getLast()
                    .getId()
                    .getPrompt())
            .isEqualTo("later-0");
      }
    }
  }

  @Test
  void tasksThatComeBeforeTheirWeightsCanBeFetchedWaitForThem() throws Exception {
    Run run = new Run("healthy");
    Path weights = TinyPolicy.weights(folder.resolve("healthy.safetensors"), 2);
    try (Publisher publisher = run.publisher();
        FakeLearner learner = new FakeLearner();
        RolloutReplica replica = run.replica("one")) {
      for (int step = 1; step <= 5; step++) {
        run.announce(publisher, learner.publish(TinyPolicy.version(step, weights), weights));
        run.publish(publisher, task("of-" + step, step).build());
      }
      assertThat(run.read(run.topics().rollouts(), RolloutGroup.parser(), 5))
          .extracting(group -> group.getId().getPrompt())
          .containsExactlyInAnyOrder("of-1", "of-2", "of-3", "of-4", "of-5");
      assertThat(replica.engine().status().groups()).isEqualTo(5);
    }
  }

  @Test
  void aReplicaThatStopsGivesItsTasksToAnother() throws Exception {
    Run run = new Run("handover");
    Path newWeights = TinyPolicy.weights(folder.resolve("newer.safetensors"), 2);
    try (Publisher publisher = run.publisher();
        FakeLearner learner = new FakeLearner()) {
      try (RolloutReplica first = run.replica("first")) {
        run.publish(publisher, task("waits", 1).build());
        Await.until("taken", () -> first.engine().status().waitingGroups() == 1);
      }
      run.announce(publisher, learner.publish(TinyPolicy.version(1, newWeights), newWeights));
      try (RolloutReplica second = run.replica("second")) {
        RolloutGroup group = run.read(run.topics().rollouts(), RolloutGroup.parser(), 1).getFirst();
        assertThat(group.getReplica()).isEqualTo("second");
        assertThat(second.engine().status().groups()).isEqualTo(1);
      }
    }
  }

  private static PromptTask.Builder task(String prompt, long requiredStep) {
    return PromptTask.newBuilder()
        .setId(
            GroupId.newBuilder().setPurpose(Purpose.PURPOSE_TRAINING).setStep(1).setPrompt(prompt))
        .addAllPromptTokens(List.of(1, 2, 3))
        .setSampling(
            SamplingParameters.newBuilder()
                .setTemperature(1)
                .setTopP(1)
                .setGroupSize(4)
                .setMaxResponseTokens(20)
                .setSeed(5))
        .setRequiredPolicyStep(requiredStep)
        .addGolds("4")
        .putMetadata("level", "easy");
  }

  /** A run of its own on the shared broker. */
  private record Run(RunConfig config) {
    Run(String id) throws InterruptedException {
      this(id, policy.path());
    }

    Run(String id, Path policy) throws InterruptedException {
      this(
          ConfigLoader.load(
              null,
              Map.of(),
              Map.of(
                  "run.id", id,
                  "kafka.bootstrap-servers", broker.bootstrapServers(),
                  // Longer than the test may take, so that only a release hands a task over.
                  "kafka.lease-seconds", "600",
                  "policy.path", policy.toString(),
                  "sampling.max-prompt-tokens", "12",
                  "sampling.max-response-tokens", "20",
                  "rollout.slots", "8")));
      new TopicProvisioner(messaging("test")).provision(PATIENCE);
    }

    Messaging messaging(String service) {
      return Messaging.of(config, service, InstantSource.system());
    }

    Topics topics() {
      return messaging("test").topics();
    }

    Publisher publisher() {
      return Publisher.open(messaging("test"));
    }

    RolloutReplica replica(String name) {
      return replica(name, new RecordedUpdates());
    }

    RolloutReplica replica(String name, RecordedUpdates updates) {
      return RolloutReplica.start(config, messaging(name), updates);
    }

    RecordPosition announce(Publisher publisher, WeightRecord record) {
      return publisher.publish(topics().weights(), config.run().id(), record).join();
    }

    /** Removes the weight log's records before a position. */
    void removeWeights(RecordPosition first) {
      try (LogHead head = LogHead.open(messaging("test"))) {
        head.removeBefore(first).toCompletableFuture().join();
      }
    }

    void publish(Publisher publisher, PromptTask task) {
      publisher.publish(topics().prompts(), task.getId().getPrompt(), task).join();
    }

    /** The first so many records of a topic. */
    <T extends MessageLite> List<T> read(String topic, Parser<T> parser, int count)
        throws InterruptedException {
      List<T> found = new ArrayList<>();
      try (RecordLog<T> log =
          RecordLog.open(messaging("reader"), topic, parser, Map.of(), PATIENCE)) {
        Await.until(
            count + " records of " + topic,
            () -> {
              log.poll(Duration.ofSeconds(1)).forEach(entry -> found.add(entry.value()));
              return found.size() >= count;
            });
      }
      return found;
    }
  }
}
