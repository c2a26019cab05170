package dev.drpo.benchmarks.pipeline;

import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.messaging.Messaging;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Measures on a broker what of training is not the model's. */
public final class PipelineBench {
  /** Groups that are made beforehand, so that making them is not measured. */
  private static final int READY_MADE = 64;

  /** Of the quickstart's tokenizer. */
  private static final int VOCABULARY = 46;

  private static final int REPLICAS = 2;

  private final String broker;
  private final long seed;

  /**
   * On a broker.
   *
   * @param broker host:port
   * @param seed of what the stubs answer, and how long they take
   */
  public PipelineBench(String broker, long seed) {
    this.broker = broker;
    this.seed = seed;
  }

  /**
   * Rollout replicas without engines.
   *
   * @param run whose tasks they take
   * @param groupSize responses of a group
   * @param meanTokens of a response
   * @param mostTokens of a response
   * @param sampling about how long all groups of a step take
   * @param groups of a step
   */
  public record Stubs(
      String run, int groupSize, int meanTokens, int mostTokens, Duration sampling, int groups) {
    /** Groups that a replica samples at once: all of a step in four rounds. */
    int capacity() {
      return Math.max(1, groups / REPLICAS / 4);
    }

    SamplingTimes times() {
      return SamplingTimes.of(sampling, groups, capacity() * REPLICAS);
    }

    /** How long the groups of a step take if no slot ever waits for a task. */
    public Duration makespan() {
      return times().makespan(capacity() * REPLICAS);
    }
  }

  /** Stubs at work; to be closed. */
  public interface Running extends AutoCloseable {
    @Override
    void close() throws InterruptedException;
  }

  /** Starts the stubs of a run whose topics exist, or will soon. */
  public Running start(Stubs stubs) throws InterruptedException {
    SyntheticResponses synthetic =
        new SyntheticResponses(seed, stubs.meanTokens(), stubs.mostTokens(), VOCABULARY);
    List<List<Rollout>> responses = new ArrayList<>();
    for (int i = 0; i < READY_MADE; i++) {
      responses.add(synthetic.group(stubs.groupSize()));
    }
    AnnouncedVersions versions = AnnouncedVersions.follow(messaging(stubs.run(), "versions"));
    SamplingTimes times = stubs.times();
    AtomicInteger begun = new AtomicInteger();
    Supplier<Duration> sampling =
        () -> times.groups().get(begun.getAndIncrement() % times.groups().size());
    List<StubReplica> replicas = new ArrayList<>();
    for (int i = 1; i <= REPLICAS; i++) {
      replicas.add(
          StubReplica.start(
              messaging(stubs.run(), "stub-" + i),
              new StubReplica.Engine(responses, versions::of, sampling),
              stubs.capacity()));
    }
    return () -> {
      for (StubReplica replica : replicas) {
        replica.close();
      }
      versions.close();
    };
  }

  /** Groups per second of one, two and four replicas, whose engines take heavy-tailed times. */
  public List<PipelineFigures.Scaled> scaling(int groups) throws InterruptedException {
    List<PipelineFigures.Scaled> scaled = new ArrayList<>();
    for (int replicas : List.of(1, 2, 4)) {
      Scaling.Point point =
          new Scaling(name -> messaging("bench-scaling-" + replicas, name), groups * replicas, seed)
              .measure(replicas);
      scaled.add(
          new PipelineFigures.Scaled(
              replicas,
              point.groupsPerSecond(),
              point.groupsPerSecond() / Scaling.ideal(replicas)));
    }
    return scaled;
  }

  /** Bytes on the broker's disk of a run's records, by topic. */
  public Map<String, Long> bytes(String run) throws InterruptedException {
    return TopicBytes.of(broker, messaging(run, "bench").topics());
  }

  private Messaging messaging(String run, String name) {
    return Messaging.of(
        ConfigLoader.load(null, Map.of(), Map.of("run.id", run, "kafka.bootstrap-servers", broker)),
        name,
        InstantSource.system());
  }
}
