package dev.drpo.rollout.work;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.rollout.engine.GenerationEngine;
import dev.drpo.rollout.engine.RefusedRequestException;
import dev.drpo.rollout.engine.ResponseListener;
import dev.drpo.rollout.engine.SampledGroup;
import dev.drpo.rollout.records.Requests;
import dev.drpo.rollout.records.RolloutRecords;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.WorkQueue;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Works off prompt tasks: each is sampled, its group is published, and only then is its lease
 * completed, so that a replica that dies at any moment loses nothing. A task that can never be
 * sampled becomes a dead letter.
 */
public final class PromptLoop implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(PromptLoop.class);
  private static final Duration TAKE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final WorkQueue<PromptTask> queue;
  private final GenerationEngine engine;
  private final Publisher publisher;
  private final String topic;
  private final RolloutRecords records;
  private final ExecutorService publishing =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("rollout-publisher").factory());
  private final Thread thread;
  private volatile boolean stopping;

  private PromptLoop(
      WorkQueue<PromptTask> queue,
      GenerationEngine engine,
      Publisher publisher,
      String topic,
      RolloutRecords records) {
    this.queue = queue;
    this.engine = engine;
    this.publisher = publisher;
    this.topic = topic;
    this.records = records;
    this.thread = Thread.ofPlatform().name("prompt-loop").unstarted(this::run);
  }

  /**
   * Starts the loop.
   *
   * @param queue the prompts; the loop closes it
   * @param topic where the groups go
   */
  public static PromptLoop start(
      WorkQueue<PromptTask> queue,
      GenerationEngine engine,
      Publisher publisher,
      String topic,
      RolloutRecords records) {
    PromptLoop loop = new PromptLoop(queue, engine, publisher, topic, records);
    loop.thread.start();
    return loop;
  }

  /** Takes no more tasks from now on; what has been taken goes on. */
  public void stopTaking() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Publishes the groups that are complete, and gives every other task to another replica. */
  @Override
  public void close() {
    stopTaking();
    publishing.shutdown();
    try {
      if (!publishing.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("the broker does not take the last groups; other replicas sample them again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.close();
  }

  private void run() {
    try {
      while (!stopping) {
        queue.take(TAKE).ifPresent(this::begin);
        if (engine.status().failure().isPresent()) {
          // A replica that can't sample must not use up the deliveries of tasks that others can.
          LOG.error("no more tasks are taken, since the generation engine is dead");
          queue.close();
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the prompt loop ends");
    }
  }

  private void begin(Lease<PromptTask> lease) {
    try {
      engine
          .submit(Requests.of(lease.value()), ResponseListener.NONE)
          .thenComposeAsync(group -> publish(lease.value(), group), publishing)
          .whenComplete((published, failure) -> settle(lease, failure));
    } catch (RefusedRequestException e) {
      LOG.warnf("the task %s is refused: %s", name(lease), e.getMessage());
      lease.reject(e.getMessage());
    }
  }

  private CompletionStage<?> publish(PromptTask task, SampledGroup sampled) {
    RolloutGroup group = records.group(task, sampled);
    return publisher.publish(topic, task.getId().getPrompt(), group);
  }

  private static void settle(Lease<PromptTask> lease, Throwable failure) {
    if (failure == null) {
      lease.complete();
    } else {
      LOG.warnf("the task %s goes back to the queue: %s", name(lease), failure.getMessage());
      lease.release();
    }
  }

  private static String name(Lease<PromptTask> lease) {
    return lease.value().getId().getPrompt() + " of step " + lease.value().getId().getStep();
  }
}
