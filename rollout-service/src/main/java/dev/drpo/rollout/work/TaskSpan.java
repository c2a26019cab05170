package dev.drpo.rollout.work;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.runtime.messaging.Lease;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.tracing.SpanKeys;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.StageSpan;
import dev.drpo.runtime.tracing.TraceContext;
import java.time.Instant;
import java.util.LongSummaryStatistics;
import java.util.concurrent.CompletionException;

/**
 * What a trace says of one task here: how long it waited until it was sampled, wherever it waited,
 * and its sampling.
 */
final class TaskSpan {
  private final Messaging messaging;
  private final Lease<PromptTask> lease;
  private StageSpan sampling;

  TaskSpan(Messaging messaging, Lease<PromptTask> lease) {
    this.messaging = messaging;
    this.lease = lease;
  }

  /** The engine begins with it. */
  synchronized void started() {
    if (sampling != null) {
      return;
    }
    GroupId id = lease.value().getId();
    Instant now = messaging.clock().instant();
    messaging
        .tracing()
        .waited(Stage.PROMPT_QUEUE, id, lease.trace(), lease.value().getCreatedAtMillis(), now);
    sampling = messaging.tracing().follow(Stage.SAMPLE, id, lease.trace(), now);
    sampling.put(SpanKeys.DELIVERY, lease.delivery());
  }

  /** It is sampled; gives what the group's record carries. */
  synchronized TraceContext sampled(RolloutGroup group) {
    started();
    if (sampling.isRecorded()) {
      LongSummaryStatistics steps =
          group.getRolloutsList().stream()
              .flatMap(rollout -> rollout.getVersionsList().stream())
              .map(VersionSpan::getVersion)
              .mapToLong(version -> version.getStep())
              .summaryStatistics();
      if (steps.getCount() > 0) {
        sampling.put(SpanKeys.POLICY_STEP, steps.getMin());
        sampling.put(SpanKeys.NEWEST_POLICY_STEP, steps.getMax());
      }
      sampling.put(SpanKeys.RESPONSES, group.getRolloutsCount());
      sampling.put(
          SpanKeys.TOKENS,
          group.getRolloutsList().stream().mapToLong(Rollout::getTokensCount).sum());
    }
    return sampling.context();
  }

  /**
   * It is over.
   *
   * @param failure why there is no group; null if there is
   */
  synchronized void settle(Throwable failure) {
    started();
    sampling.settle(
        failure instanceof CompletionException wrapped ? wrapped.getCause() : failure,
        messaging.clock().instant());
  }
}
