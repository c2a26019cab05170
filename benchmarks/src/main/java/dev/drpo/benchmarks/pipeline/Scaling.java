package dev.drpo.benchmarks.pipeline;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.TopicProvisioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How the work of a queue of groups is shared out among replicas, whose engines are stubs of heavy
 * tailed durations: what more replicas gain, beside what they could.
 */
final class Scaling {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(20);

  /** Groups that a replica samples at once. */
  private static final int CAPACITY = 8;

  /** Of a Pareto distribution with a tail exponent of 1.5, cut off at ten times its mean. */
  private static final double TAIL = 1.5;

  private static final double MEAN_SECONDS = 0.3;
  private static final double MOST_SECONDS = 10 * MEAN_SECONDS;

  private final Function<String, Messaging> messaging;
  private final int groups;
  private final long seed;

  /**
   * Measures on a broker.
   *
   * @param messaging of a process with a name
   * @param groups to sample for each number of replicas
   */
  Scaling(Function<String, Messaging> messaging, int groups, long seed) {
    this.messaging = messaging;
    this.groups = groups;
    this.seed = seed;
  }

  /**
   * What a number of replicas took.
   *
   * @param seconds from the first group that was published to the one of which fewer than the
   *     replicas sample at once are left: until then there is work for all
   * @param groupsPerSecond meanwhile
   */
  record Point(int replicas, double seconds, double groupsPerSecond) {}

  /** Samples all groups by so many replicas. */
  Point measure(int replicas) throws InterruptedException {
    Messaging bench = messaging.apply("bench");
    new TopicProvisioner(bench).provision(PATIENCE);
    SyntheticResponses synthetic = new SyntheticResponses(seed, 64, 128, 46);
    List<List<Rollout>> responses = List.of(synthetic.group(1));
    PolicyVersion version = PolicyVersion.getDefaultInstance();
    Supplier<Duration> durations = durations(new Random(seed));
    StubReplica.Engine engine =
        new StubReplica.Engine(
            responses, _ -> CompletableFuture.completedFuture(version), durations);
    List<StubReplica> started = new ArrayList<>();
    try (Publisher publisher = Publisher.open(bench);
        RecordLog<RolloutGroup> published =
            RecordLog.open(
                bench, bench.topics().rollouts(), RolloutGroup.parser(), Map.of(), PATIENCE)) {
      publish(publisher, bench);
      for (int i = 0; i < replicas; i++) {
        started.add(StubReplica.start(messaging.apply("replica-" + i), engine, CAPACITY));
      }
      return await(published, replicas);
    } finally {
      for (StubReplica replica : started) {
        replica.close();
      }
    }
  }

  private void publish(Publisher publisher, Messaging bench) {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      PromptTask task =
          PromptTask.newBuilder()
              .setId(
                  GroupId.newBuilder()
                      .setRun(bench.run())
                      .setPurpose(Purpose.PURPOSE_TRAINING)
                      .setPrompt("p" + i))
              .addPromptTokens(1)
              .setSampling(SamplingParameters.newBuilder().setGroupSize(1))
              .addGolds("1")
              .build();
      sent.add(publisher.publish(bench.topics().prompts(), task.getId().getPrompt(), task));
    }
    sent.forEach(CompletableFuture::join);
  }

  /** Starts the clock when every slot of every replica has had a group, past their joining. */
  private Point await(RecordLog<RolloutGroup> published, int replicas) throws InterruptedException {
    int slots = replicas * CAPACITY;
    Set<String> seen = new HashSet<>();
    long began = 0;
    int first = 0;
    while (seen.size() < groups - slots) {
      for (RecordLog.Entry<RolloutGroup> entry : published.poll(POLL)) {
        seen.add(entry.value().getId().getPrompt());
      }
      if (began == 0 && seen.size() >= 2 * slots) {
        began = System.nanoTime();
        first = seen.size();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Point(replicas, seconds, (seen.size() - first) / seconds);
  }

  /** Groups per second of slots that are always busy. */
  static double ideal(int replicas) {
    return replicas * CAPACITY / MEAN_SECONDS;
  }

  /** The same sequence for each measurement. */
  private Supplier<Duration> durations(Random random) {
    double[] seconds = new double[groups];
    double sum = 0;
    for (int i = 0; i < groups; i++) {
      seconds[i] =
          Math.min(
              MOST_SECONDS,
              MEAN_SECONDS * (TAIL - 1) / TAIL * Math.pow(1 - random.nextDouble(), -1 / TAIL));
      sum += seconds[i];
    }
    double scale = MEAN_SECONDS * groups / sum;
    int[] next = {0};
    return () -> {
      synchronized (next) {
        double taken = seconds[next[0]++ % groups] * scale;
        return Duration.ofNanos((long) (taken * 1e9));
      }
    };
  }
}
