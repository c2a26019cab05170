package dev.drpo.learner.run;

import com.google.common.primitives.Ints;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.tracing.SpanKeys;
import dev.drpo.runtime.tracing.StageSpan;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Publishes prompt tasks and waits until the broker has them. */
final class PromptDispatcher {
  private final Sink sink;
  private final String topic;
  private final String run;
  private final String configuration;
  private final InstantSource clock;

  /**
   * Dispatches by a sink.
   *
   * @param configuration digest of the settings that groups depend on
   */
  PromptDispatcher(Sink sink, String topic, String run, String configuration, InstantSource clock) {
    this.sink = sink;
    this.topic = topic;
    this.run = run;
    this.configuration = configuration;
    this.clock = clock;
  }

  /** Dispatches to a run's topic on the broker. */
  static PromptDispatcher to(
      Messaging messaging, String run, String configuration, Publisher publisher) {
    Sink traced =
        (topic, key, task) -> {
          StageSpan span = messaging.tracing().dispatch(task.getId(), messaging.clock().instant());
          span.put(SpanKeys.REQUIRED_POLICY_STEP, task.getRequiredPolicyStep());
          return publisher
              .publish(topic, key, task, span.context())
              .whenComplete(
                  (position, failure) -> span.settle(failure, messaging.clock().instant()));
        };
    return new PromptDispatcher(
        traced, messaging.topics().prompts(), run, configuration, messaging.clock());
  }

  /** Takes records for publication; the future completes once the broker has the record. */
  interface Sink {
    CompletableFuture<?> publish(String topic, String key, PromptTask record);
  }

  /** The time by the clock that tasks are stamped by, in milliseconds since the epoch. */
  long millis() {
    return clock.millis();
  }

  /** One task to publish. */
  record Task(GroupKey key, RenderedProblem problem, long requiredPolicyStep) {}

  /**
   * Publishes tasks.
   *
   * @throws RunFailure if the broker does not take one
   */
  void dispatch(List<Task> tasks, SamplingParameters sampling) throws InterruptedException {
    List<CompletableFuture<?>> published = new ArrayList<>();
    for (Task task : tasks) {
      PromptTask record =
          PromptTask.newBuilder()
              .setId(task.key().toProto(run))
              .addAllPromptTokens(Ints.asList(task.problem().promptTokens()))
              .setSampling(sampling)
              .setRequiredPolicyStep(task.requiredPolicyStep())
              .addAllGolds(task.problem().problem().golds())
              .putAllMetadata(task.problem().problem().metadata())
              .setConfiguration(configuration)
              .setCreatedAtMillis(clock.millis())
              .build();
      CompletableFuture<?> one = sink.publish(topic, task.key().prompt(), record);
      published.add(one);
      if (one.isCompletedExceptionally()) {
        // A broker that is away makes each wait for as long as this one has.
        break;
      }
    }
    try {
      CompletableFuture.allOf(published.toArray(CompletableFuture[]::new)).get();
    } catch (ExecutionException e) {
      throw new RunFailure(
          "prompt tasks could not be published to "
              + topic
              + ": "
              + e.getCause().getMessage()
              + "; check the broker, then resume",
          e.getCause());
    }
  }
}
