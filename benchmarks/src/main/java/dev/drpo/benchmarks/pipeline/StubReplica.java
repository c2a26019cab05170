package dev.drpo.benchmarks.pipeline;

import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.WorkQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * A rollout replica without an engine: it leases tasks and publishes groups as a real one does, by
 * the same classes, and between the two it waits as long as an engine might have sampled.
 */
final class StubReplica implements AutoCloseable {
  private static final Duration TAKE = Duration.ofMillis(200);

  /**
   * What takes the place of the engine.
   *
   * @param responses ready-made, in turn
   * @param versions the version of a step's weights, once it is out
   * @param sampling how long sampling the next group takes
   */
  record Engine(
      List<List<Rollout>> responses,
      LongFunction<CompletableFuture<PolicyVersion>> versions,
      Supplier<Duration> sampling) {}

  private final Messaging messaging;
  private final Engine engine;
  private final int capacity;
  private final Semaphore slots;
  private final AtomicInteger taken = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closing;

  private StubReplica(Messaging messaging, Engine engine, int capacity) {
    this.messaging = messaging;
    this.engine = engine;
    this.capacity = capacity;
    this.slots = new Semaphore(capacity);
    this.thread = Thread.ofPlatform().name(messaging.service()).unstarted(this::run);
  }

  /**
   * Starts taking tasks.
   *
   * @param capacity groups sampled at once
   */
  static StubReplica start(Messaging messaging, Engine engine, int capacity) {
    StubReplica replica = new StubReplica(messaging, engine, capacity);
    replica.thread.start();
    return replica;
  }

  private void run() {
    try (Publisher publisher = Publisher.open(messaging);
        WorkQueue<PromptTask> queue =
            WorkQueue.open(
                messaging,
                messaging.topics().prompts(),
                messaging.topics().rolloutWorkers(),
                PromptTask.parser(),
                // As a real replica does, it holds one task that waits for the next free slot.
                capacity + 1)) {
      while (!closing) {
        Optional<Lease<PromptTask>> lease = queue.take(TAKE);
        if (lease.isPresent()) {
          slots.acquire();
          sample(lease.get(), publisher);
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; close raises a flag.
      Thread.currentThread().interrupt();
    }
  }

  private void sample(Lease<PromptTask> lease, Publisher publisher) {
    PromptTask task = lease.value();
    List<Rollout> responses =
        engine.responses().get(taken.getAndIncrement() % engine.responses().size());
    var _ =
        engine
            .versions()
            .apply(task.getRequiredPolicyStep())
            .thenApplyAsync(version -> group(task, responses, version), sampled())
            .whenComplete((_, _) -> slots.release())
            .thenCompose(
                group ->
                    publisher.publish(
                        messaging.topics().rollouts(), task.getId().getPrompt(), group))
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    lease.complete();
                  } else {
                    lease.release();
                  }
                });
  }

  /** Goes on once the next group would be sampled. */
  private Executor sampled() {
    long nanos = engine.sampling().get().toNanos();
    return nanos == 0
        ? Runnable::run
        : CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
  }

  private RolloutGroup group(PromptTask task, List<Rollout> responses, PolicyVersion version) {
    return RolloutGroup.newBuilder()
        .setId(task.getId())
        .addAllPromptTokens(task.getPromptTokensList())
        .setSampling(task.getSampling())
        .addAllGolds(task.getGoldsList())
        .putAllMetadata(task.getMetadataMap())
        .setReplica(messaging.service())
        .setCreatedAtMillis(messaging.clock().millis())
        .addAllRollouts(SyntheticResponses.completed(responses, version, task.getGolds(0)))
        .build();
  }

  /** Takes no more tasks. What is being sampled goes back to the queue. */
  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
