package dev.drpo.rollout.work;

import dev.drpo.generation.RefusedRequestException;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.rollout.records.Requests;
import dev.drpo.rollout.records.RolloutRecords;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.OversizedRecordException;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.WorkQueue;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Works off prompt tasks: each is sampled, its group is published, and only then is its lease
 * completed, so that a replica that dies at any moment loses nothing. A task that can never be
 * sampled becomes a dead letter.
 *
 * <p>A task that waits for weights which a resumed learner has taken back is dropped. That learner
 * sends it again when it gets there; until then it would keep its lease from the tasks that lead
 * there.
 */
public final class PromptLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PromptLoop.class);
  private static final Duration TAKE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Messaging messaging;
  private final TaskSampler sampler;
  private final RolloutRecords records;
  private final int capacity;
  private final int responses;
  private final Map<Lease<PromptTask>, CompletableFuture<SampledGroup>> sampling =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private final IdleTime idle;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean consuming;

  private PromptLoop(
      Messaging messaging,
      TaskSampler sampler,
      RolloutRecords records,
      int capacity,
      int responses) {
    this.messaging = messaging;
    this.sampler = sampler;
    this.records = records;
    this.capacity = capacity;
    this.responses = responses;
    this.idle = new IdleTime(messaging.threads()::nanoTime);
    this.thread = messaging.threads().unstarted("prompt-loop", this::run);
  }

  /**
   * Starts the loop; the broker may still be down.
   *
   * @param capacity tasks held at once, where their groups are as small as they come
   * @param responses that are sampled at once. Tasks for these are held, and one that waits: what
   *     waits here could be sampled elsewhere
   */
  public static PromptLoop start(
      Messaging messaging,
      TaskSampler sampler,
      RolloutRecords records,
      int capacity,
      int responses) {
    PromptLoop loop = new PromptLoop(messaging, sampler, records, capacity, responses);
    loop.thread.start();
    return loop;
  }

  /** Whether tasks are being taken. */
  public boolean isConsuming() {
    return consuming;
  }

  /** How long there was nothing to sample so far: no task, or not yet the weights for one. */
  public double idleSeconds() {
    return idle.seconds();
  }

  /** Publishes the groups that are complete, and gives every other task to another replica. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      messaging.clients().awaitTopics(messaging, () -> {});
      consume();
    } catch (InterruptedException e) {
      LOG.debug("the prompt loop ends");
    }
  }

  private void consume() throws InterruptedException {
    // Closed in the opposite order: groups are published before leases and publisher go.
    try (Publisher publisher = Publisher.open(messaging);
        WorkQueue<PromptTask> queue =
            WorkQueue.open(
                messaging,
                messaging.topics().prompts(),
                messaging.topics().rolloutWorkers(),
                PromptTask.parser(),
                capacity,
                responses,
                task -> task.getSampling().getGroupSize());
        Publishing publishing = new Publishing(publisher, queue)) {
      LOG.infof(
          "sampling tasks from %s, for %d responses at once and one task that waits",
          messaging.topics().prompts(), responses);
      consuming = true;
      while (!stopping) {
        queue.take(TAKE).ifPresent(lease -> begin(lease, publishing));
        if (sampler.isDead()) {
          // A replica that can't sample must not use up the deliveries of tasks that others can.
          LOG.error("no more tasks are taken, since the generation engine is dead");
          return;
        }
      }
    } finally {
      consuming = false;
    }
  }

  private void begin(Lease<PromptTask> lease, Publishing publishing) {
    CompletableFuture<Long> takenBack = sampler.takenBack(lease.value().getRequiredPolicyStep());
    TaskSpan span = new TaskSpan(messaging, lease);
    Watched watched = new Watched(takenBack, idle, span);
    CompletableFuture<SampledGroup> sampled;
    try {
      sampled = sampler.submit(Requests.of(lease.value()), watched);
    } catch (RefusedRequestException e) {
      takenBack.cancel(false);
      span.settle(e);
      LOG.warnf("the task %s is refused: %s", name(lease), e.getMessage());
      lease.reject(e.getMessage());
      return;
    }
    var _ =
        takenBack.thenAccept(
            newest -> sampled.completeExceptionally(new TakenBackException(newest)));
    var _ = sampled.whenComplete((group, failure) -> watched.ended());
    sampling.put(lease, sampled);
    var _ =
        publishing
            .publish(lease.value(), sampled, span)
            .whenComplete(
                (published, failure) -> {
                  takenBack.cancel(false);
                  sampling.remove(lease);
                  span.settle(failure);
                  settle(lease, failure);
                });
  }

  /** A group that has begun has the weights it asks for, and ends whatever the learner does. */
  private static final class Watched implements ResponseListener {
    private final CompletableFuture<?> untilStarted;
    private final IdleTime idle;
    private final TaskSpan span;
    private boolean running;
    private boolean over;

    Watched(CompletableFuture<?> untilStarted, IdleTime idle, TaskSpan span) {
      this.untilStarted = untilStarted;
      this.idle = idle;
      this.span = span;
    }

    @Override
    public synchronized void started() {
      untilStarted.cancel(false);
      span.started();
      if (!over) {
        running = true;
        idle.began();
      }
    }

    /** Sampling is over, if it ever began. */
    synchronized void ended() {
      over = true;
      if (running) {
        running = false;
        idle.ended();
      }
    }

    @Override
    public void finished(int sample, SampledResponse response) {}
  }

  /** In the order in which they came. */
  private List<CompletableFuture<SampledGroup>> unfinished() {
    synchronized (sampling) {
      return List.copyOf(sampling.values());
    }
  }

  private static void settle(Lease<PromptTask> lease, Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    switch (cause) {
      case null -> lease.complete();
      case TakenBackException e -> {
        LOG.infof("the task %s is dropped: %s", name(lease), e.getMessage());
        // Released, it would come back until it is a dead letter, which the learner passes over.
        lease.complete();
      }
      case OversizedRecordException e -> {
        // Sampled again, it would be as large.
        LOG.warnf("the group of the task %s can't be published: %s", name(lease), e.getMessage());
        lease.reject("its group can't be published: " + e.getMessage());
      }
      default -> {
        LOG.infof("the task %s goes back to the queue: %s", name(lease), reason(cause));
        lease.release();
      }
    }
  }

  private static String reason(Throwable cause) {
    return cause instanceof CancellationException ? "this replica stops" : cause.getMessage();
  }

  private static String name(Lease<PromptTask> lease) {
    return lease.value().getId().getPrompt() + " of step " + lease.value().getId().getStep();
  }

  /** Publishes on a thread of its own, since a broker that is away makes publishers wait. */
  private final class Publishing implements AutoCloseable {
    private final Publisher publisher;
    private final WorkQueue<PromptTask> queue;
    private final ExecutorService executor = messaging.threads().executor("rollout-publisher");

    Publishing(Publisher publisher, WorkQueue<PromptTask> queue) {
      this.publisher = publisher;
      this.queue = queue;
    }

    CompletableFuture<?> publish(
        PromptTask task, CompletableFuture<SampledGroup> sampled, TaskSpan span) {
      return sampled.thenComposeAsync(
          group -> {
            RolloutGroup record = records.group(task, group, idle.takeMillis());
            return publisher.publish(
                messaging.topics().rollouts(),
                task.getId().getPrompt(),
                record,
                span.sampled(record));
          },
          executor);
    }

    @Override
    @SuppressWarnings("ReturnValueIgnored") // The flag is cleared, whatever it was.
    public void close() throws InterruptedException {
      // The interrupt that ended the loop must not cut the last publications short.
      Thread.interrupted();
      queue.stopTaking();
      unfinished().forEach(task -> task.cancel(false));
      Future<?> last = executor.submit(() -> {});
      executor.shutdown();
      try {
        messaging.threads().get(last, DRAIN);
      } catch (TimeoutException e) {
        LOG.warn("the broker does not take the last groups; other replicas sample them again");
      } catch (ExecutionException e) {
        throw new IllegalStateException("nothing was to be done", e);
      }
      publisher.flush();
    }
  }
}
