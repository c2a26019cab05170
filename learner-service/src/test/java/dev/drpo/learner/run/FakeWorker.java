package dev.drpo.learner.run;

import ai.djl.ndarray.NDManager;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import dev.drpo.learner.weights.Snapshot;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.WorkQueue;
import dev.drpo.testkit.TinyPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Rollout and reward in one: answers every prompt task with random tokens, their log-probabilities
 * under the policy that the task asks for, and random verdicts. All of it is a function of the task
 * and the weights, so that the same task is the same group in every run.
 */
final class FakeWorker implements AutoCloseable {

  /** More than there ever are, those of a learner that was stopped included. */
  private static final int CAPACITY = 16;

  private final Messaging messaging;
  private final Thread thread;
  private final List<GroupId> answered = new CopyOnWriteArrayList<>();
  private volatile SnapshotStore policies;
  private volatile Predicate<GroupId> changesPrompt = _ -> false;
  private volatile Predicate<GroupId> loses = _ -> false;
  private volatile long firstHeldStep = Long.MAX_VALUE;
  private volatile boolean stopping;
  private volatile Throwable failure;

  FakeWorker(Messaging messaging) {
    this.messaging = messaging;
    this.thread = Thread.ofPlatform().name("worker").start(this::work);
  }

  /**
   * Takes weights from here, which a learner's restart changes.
   *
   * @param heldFrom training step whose tasks it sits on, as on later ones
   */
  void follow(SnapshotStore store, long heldFrom) {
    firstHeldStep = heldFrom;
    policies = store;
  }

  /** Which groups it samples from another prompt than that of their task. */
  void changePrompts(Predicate<GroupId> which) {
    changesPrompt = which;
  }

  /** Which tasks it acknowledges without an answer. */
  void lose(Predicate<GroupId> which) {
    loses = which;
  }

  /** The groups that it has published, in order. */
  List<GroupId> answered() {
    return List.copyOf(answered);
  }

  /** What stopped the worker before its time. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  private void work() {
    // As the learner's: another number of threads would add up in another order.
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    try (NDManager manager = TensorEngine.newManager();
        Publisher publisher = Publisher.open(messaging);
        WorkQueue<PromptTask> tasks =
            WorkQueue.open(
                messaging,
                messaging.topics().prompts(),
                messaging.topics().rolloutWorkers(),
                PromptTask.parser(),
                CAPACITY)) {
      // A task whose weights are not out yet must not keep others waiting: those weights may depend
      // on them, when a learner has resumed from an older step.
      List<Lease<PromptTask>> waiting = new ArrayList<>();
      while (!stopping) {
        tasks.take(Duration.ofMillis(10)).ifPresent(waiting::add);
        for (Lease<PromptTask> ready :
            waiting.stream().filter(lease -> !held(lease.value())).toList()) {
          answer(ready, manager, publisher);
          waiting.remove(ready);
        }
      }
      waiting.forEach(Lease::release);
    } catch (Exception | Error e) {
      failure = e;
    }
  }

  private void answer(Lease<PromptTask> lease, NDManager manager, Publisher publisher)
      throws Exception {
    PromptTask task = lease.value();
    if (loses.test(task.getId())) {
      lease.complete();
      return;
    }
    Snapshot policy = policies.find(task.getRequiredPolicyStep()).orElseThrow();
    publisher
        .publish(
            messaging.topics().scored(), task.getId().getPrompt(), score(task, policy, manager))
        .get();
    answered.add(task.getId());
    lease.complete();
  }

  private boolean held(PromptTask task) {
    SnapshotStore store = policies;
    return store == null
        || store.find(task.getRequiredPolicyStep()).isEmpty()
        || (task.getId().getPurpose() == Purpose.PURPOSE_TRAINING
            && task.getId().getStep() >= firstHeldStep);
  }

  private ScoredGroup score(PromptTask task, Snapshot policy, NDManager manager) {
    Random random =
        new Random(
            Objects.hash(
                task.getId().getPurposeValue(), task.getId().getStep(), task.getId().getPrompt()));
    int[] prompt = Ints.toArray(task.getPromptTokensList());
    List<MicroBatch.Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < task.getSampling().getGroupSize(); i++) {
      int length = 1 + random.nextInt(task.getSampling().getMaxResponseTokens());
      sequences.add(
          new MicroBatch.Sequence(
              prompt,
              random.ints(length, 0, TinyPolicy.Preset.SLIM.config().vocabularySize()).toArray()));
    }
    RolloutGroup.Builder group =
        RolloutGroup.newBuilder()
            .setId(task.getId())
            .addAllPromptTokens(task.getPromptTokensList())
            .setSampling(task.getSampling());
    if (changesPrompt.test(task.getId())) {
      group.addPromptTokens(0);
    }
    ScoredGroup.Builder scored = ScoredGroup.newBuilder();
    try (SafetensorsFile weights = SafetensorsFile.open(policy.file());
        PolicyTrainer trainer =
            new PolicyTrainer(Decoder.load(manager, TinyPolicy.Preset.SLIM.config(), weights))) {
      for (MicroBatch.Sequence sequence : sequences) {
        float[] logProbabilities =
            trainer
                .logProbabilities(
                    List.of(MicroBatch.of(List.of(sequence))), task.getSampling().getTemperature())
                .getFirst();
        group.addRollouts(
            Rollout.newBuilder()
                .addAllTokens(Ints.asList(sequence.response()))
                .addAllLogProbabilities(Floats.asList(logProbabilities))
                .setFinishReason(FinishReason.FINISH_REASON_STOP)
                .addVersions(
                    VersionSpan.newBuilder()
                        .setVersion(PolicyRecords.of(policy.version()))
                        .setTokens(sequence.response().length)));
        scored.addVerdicts(Records.verdict(random.nextBoolean()));
      }
    }
    return scored.setGroup(group).build();
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
