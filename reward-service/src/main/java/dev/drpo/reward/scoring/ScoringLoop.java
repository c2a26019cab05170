package dev.drpo.reward.scoring;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reward.RewardMeters;
import dev.drpo.reward.RewardMeters.GroupResult;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.OversizedRecordException;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.WorkQueue;
import dev.drpo.runtime.process.Threads;
import dev.drpo.runtime.tracing.SpanKeys;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.StageSpan;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Takes rollout groups, scores them and publishes them, on a thread of its own. A group's lease is
 * completed after its scores are published, so that a crash repeats work and never loses it.
 */
@Singleton
class ScoringLoop {
  private static final Logger LOG = Logger.getLogger(ScoringLoop.class);

  /** Groups whose scores may be on their way to the broker while the next one is judged. */
  private static final int LEASES = 4;

  private static final Duration POLL = Duration.ofSeconds(1);

  /** Above the longest wait of a step, which is a publisher's for a broker that is away. */
  private static final Duration MAX_STEP = Duration.ofMinutes(3);

  private static final Duration LAST_PUBLICATIONS = Duration.ofSeconds(5);

  private final GroupScorer scorer;
  private final Messaging messaging;
  private final RewardMeters meters;
  private final Threads threads;
  private final Thread thread;

  /** Publications that may be under way; touched by the loop's thread alone. */
  private final List<CompletableFuture<?>> publications = new ArrayList<>();

  private volatile boolean stopping;
  private volatile boolean consuming;
  private volatile boolean waiting;
  private volatile long lastStepNanos;

  ScoringLoop(GroupScorer scorer, Messaging messaging, RewardMeters meters) {
    this.scorer = scorer;
    this.messaging = messaging;
    this.meters = meters;
    this.threads = messaging.threads();
    this.thread = threads.unstarted("scoring", this::run);
    this.lastStepNanos = threads.nanoTime();
  }

  void start() {
    lastStepNanos = threads.nanoTime();
    thread.start();
  }

  /** Finishes the group at hand, gives back the leases that are left, and ends. */
  void stop() throws InterruptedException {
    stopping = true;
    if (!consuming) {
      // Waiting for a broker can take long; a group at hand is worth finishing.
      thread.interrupt();
    }
    thread.join();
  }

  /** Whether groups are being taken and scored. */
  boolean isConsuming() {
    return consuming && !waiting;
  }

  /** Whether the loop runs and has lately come round. */
  boolean isAlive() {
    return thread.isAlive() && threads.nanoTime() - lastStepNanos < MAX_STEP.toNanos();
  }

  private void run() {
    try {
      messaging.clients().awaitTopics(messaging, () -> lastStepNanos = threads.nanoTime());
      consume();
    } catch (InterruptedException e) {
      LOG.debug("interrupted to stop", e);
    }
  }

  private void consume() throws InterruptedException {
    try (Publisher publisher = Publisher.open(messaging);
        WorkQueue<RolloutGroup> queue =
            WorkQueue.open(
                messaging,
                messaging.topics().rollouts(),
                messaging.topics().rewardWorkers(),
                RolloutGroup.parser(),
                LEASES)) {
      LOG.infof("scoring groups from %s", messaging.topics().rollouts());
      consuming = true;
      while (!stopping) {
        lastStepNanos = threads.nanoTime();
        Optional<Lease<RolloutGroup>> lease = queue.take(POLL);
        if (lease.isPresent()) {
          handle(lease.get(), publisher);
        }
      }
      awaitPublications();
    } finally {
      consuming = false;
    }
  }

  private void handle(Lease<RolloutGroup> lease, Publisher publisher) throws InterruptedException {
    StageSpan span = taken(lease);
    try {
      switch (scoreWhenPossible(lease)) {
        case Scoring.Malformed(String reason) -> {
          span.fail(reason, messaging.clock().instant());
          lease.reject(reason);
          meters.group(GroupResult.REJECTED);
        }
        case Scoring.Scored(ScoredGroup group) -> publish(group, lease, publisher, span);
        // The lease is lost, or the queue gives it back as it closes.
        case Scoring.Unavailable(String reason) -> {
          span.fail(reason, messaging.clock().instant());
          meters.group(GroupResult.FAILED);
        }
      }
    } catch (RuntimeException e) {
      // One group must not end the loop; its deliveries are counted, so that it can't block it.
      LOG.errorf(e, "scoring %s failed; it goes back to the queue", lease.value().getId());
      span.settle(e, messaging.clock().instant());
      lease.release();
      meters.group(GroupResult.FAILED);
    }
  }

  /** A group's wait for this judge is over. */
  private StageSpan taken(Lease<RolloutGroup> lease) {
    GroupId id = lease.value().getId();
    Instant now = messaging.clock().instant();
    messaging
        .tracing()
        .waited(Stage.ROLLOUT_QUEUE, id, lease.trace(), lease.value().getCreatedAtMillis(), now);
    StageSpan span = messaging.tracing().follow(Stage.JUDGE, id, lease.trace(), now);
    span.put(SpanKeys.DELIVERY, lease.delivery());
    return span;
  }

  /**
   * Holds a group for as long as a reward function is unavailable: handed back, it would come again
   * at once, and soon be a dead letter for no fault of its own.
   */
  private Scoring scoreWhenPossible(Lease<RolloutGroup> lease) throws InterruptedException {
    while (true) {
      Scoring scoring = scorer.score(lease.value());
      lastStepNanos = threads.nanoTime();
      if (!(scoring instanceof Scoring.Unavailable(String reason))) {
        waiting = false;
        return scoring;
      }
      meters.waited();
      if (!waiting) {
        LOG.warnf("scoring waits: %s", reason);
        waiting = true;
      }
      if (stopping || !lease.held()) {
        return scoring;
      }
      threads.sleep(POLL);
    }
  }

  private void publish(
      ScoredGroup group, Lease<RolloutGroup> lease, Publisher publisher, StageSpan span) {
    if (span.isRecorded()) {
      span.put(SpanKeys.RESPONSES, group.getVerdictsCount());
      span.put(
          SpanKeys.RIGHT,
          group.getVerdictsList().stream()
              .filter(verdict -> verdict.getOutcome() == Outcome.OUTCOME_EQUAL)
              .count());
    }
    CompletableFuture<?> settled =
        publisher
            .publish(
                messaging.topics().scored(),
                group.getGroup().getId().getPrompt(),
                group,
                span.context())
            .whenComplete(
                (position, failure) -> {
                  span.settle(failure, messaging.clock().instant());
                  settle(lease, failure);
                });
    publications.add(settled);
    publications.removeIf(CompletableFuture::isDone);
  }

  private void settle(Lease<RolloutGroup> lease, Throwable failure) {
    switch (failure) {
      case null -> {
        lease.complete();
        meters.published(lease.value().getRolloutsCount());
      }
      case OversizedRecordException e -> {
        // Scored again, it would be as large.
        lease.reject("the scored group can't be published: " + e.getMessage());
        meters.group(GroupResult.REJECTED);
      }
      default -> {
        LOG.warnf("a scored group goes back to the queue: %s", failure.getMessage());
        lease.release();
        meters.group(GroupResult.FAILED);
      }
    }
  }

  /** Lets scores arrive whose leases would otherwise be worked on again elsewhere. */
  private void awaitPublications() throws InterruptedException {
    try {
      threads.get(
          CompletableFuture.allOf(publications.toArray(CompletableFuture[]::new)),
          LAST_PUBLICATIONS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("groups that could not be published are given back", e);
    }
  }
}
