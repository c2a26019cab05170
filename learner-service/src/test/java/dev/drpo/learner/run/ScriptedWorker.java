package dev.drpo.learner.run;

import com.google.common.primitives.Ints;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.WorkQueue;
import dev.drpo.testkit.TinyPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rollout and reward in one, for a learner in another process: answers prompt tasks with made-up
 * groups. A group is a function of its task and of the digest of the weights that the weight log
 * announces, so that a learner whose weights differ in one bit is given other groups from then on.
 */
final class ScriptedWorker implements AutoCloseable {
  private static final int CAPACITY = 64;
  private static final Duration TOPIC_PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(2);

  private final Messaging messaging;
  private final Thread thread;
  private final Map<Long, PolicyVersion> announced = new ConcurrentHashMap<>();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong patchChunks = new AtomicLong();
  private volatile long firstHeldStep = Long.MAX_VALUE;
  private volatile boolean holding;
  private volatile boolean stopping;
  private volatile Throwable failure;

  ScriptedWorker(Messaging messaging) {
    this.messaging = messaging;
    this.thread = Thread.ofPlatform().name("scripted-worker").start(this::work);
  }

  /** Sits on the training tasks of a step and of later ones. */
  void holdFrom(long step) {
    firstHeldStep = step;
  }

  /** Whether it sits on a task that it could answer otherwise. */
  boolean isHolding() {
    return holding;
  }

  /** Tasks that it has got so far. */
  long taken() {
    return taken.get();
  }

  /** Groups that it has published so far. */
  long answered() {
    return answered.get();
  }

  /** Chunks of patches that it has seen in the weight log so far. */
  long patchChunks() {
    return patchChunks.get();
  }

  /** What stopped the worker before its time. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  private void work() {
    try (Publisher publisher = Publisher.open(messaging);
        WorkQueue<PromptTask> tasks =
            WorkQueue.open(
                messaging,
                messaging.topics().prompts(),
                messaging.topics().rolloutWorkers(),
                PromptTask.parser(),
                CAPACITY)) {
      RecordLog<WeightRecord> weights = weightLog();
      try {
        List<Lease<PromptTask>> waiting = new ArrayList<>();
        while (!stopping) {
          try {
            weights.poll(Duration.ZERO).forEach(entry -> follow(entry.value()));
          } catch (MessagingException e) {
            // The learner has removed what was not read in time.
            weights.close();
            weights = weightLog();
          }
          tasks
              .take(POLL)
              .ifPresent(
                  lease -> {
                    waiting.add(lease);
                    taken.incrementAndGet();
                  });
          for (Lease<PromptTask> lease : List.copyOf(waiting)) {
            PolicyVersion version = announced.get(lease.value().getRequiredPolicyStep());
            if (version != null && !isHeld(lease.value())) {
              answer(lease, version, publisher);
              waiting.remove(lease);
            }
          }
          holding = waiting.stream().anyMatch(lease -> isHeld(lease.value()));
        }
        waiting.forEach(Lease::release);
      } finally {
        weights.close();
      }
    } catch (Exception | Error e) {
      failure = e;
    }
  }

  private RecordLog<WeightRecord> weightLog() throws InterruptedException {
    return RecordLog.open(
        messaging, messaging.topics().weights(), WeightRecord.parser(), Map.of(), TOPIC_PATIENCE);
  }

  private void follow(WeightRecord record) {
    if (record.hasPatchChunk()) {
      patchChunks.incrementAndGet();
      return;
    }
    PolicyVersion version = record.getAnnouncement().getVersion();
    PolicyVersion before = announced.put(version.getStep(), version);
    if (before != null && !before.equals(version)) {
      throw new AssertionError(
          "version " + version.getStep() + " was announced twice, with different weights");
    }
  }

  private boolean isHeld(PromptTask task) {
    return task.getId().getPurpose() == Purpose.PURPOSE_TRAINING
        && task.getId().getStep() >= firstHeldStep;
  }

  private void answer(Lease<PromptTask> lease, PolicyVersion version, Publisher publisher)
      throws Exception {
    publisher
        .publish(
            messaging.topics().scored(),
            lease.value().getId().getPrompt(),
            group(lease.value(), version))
        .get();
    answered.incrementAndGet();
    lease.complete();
  }

  private static ScoredGroup group(PromptTask task, PolicyVersion version) {
    Random random =
        new Random(
            Objects.hash(
                task.getId().getPurposeValue(),
                task.getId().getStep(),
                task.getId().getPrompt(),
                version.getDigest()));
    RolloutGroup.Builder group =
        RolloutGroup.newBuilder()
            .setId(task.getId())
            .addAllPromptTokens(task.getPromptTokensList())
            .setSampling(task.getSampling());
    ScoredGroup.Builder scored = ScoredGroup.newBuilder();
    for (int i = 0; i < task.getSampling().getGroupSize(); i++) {
      int length = 1 + random.nextInt(task.getSampling().getMaxResponseTokens());
      Rollout.Builder rollout =
          Rollout.newBuilder()
              .addAllTokens(
                  Ints.asList(
                      random
                          .ints(length, 0, TinyPolicy.Preset.SLIM.config().vocabularySize())
                          .toArray()))
              .setFinishReason(FinishReason.FINISH_REASON_STOP)
              .addVersions(VersionSpan.newBuilder().setVersion(version).setTokens(length));
      for (int token = 0; token < length; token++) {
        rollout.addLogProbabilities(
            (float) -Math.log(TinyPolicy.Preset.SLIM.config().vocabularySize())
                + random.nextFloat() / 4);
      }
      group.addRollouts(rollout);
      scored.addVerdicts(Records.verdict(random.nextBoolean()));
    }
    return scored.setGroup(group).build();
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
