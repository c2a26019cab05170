package dev.drpo.service.tracing;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.runtime.tracing.SpanKeys;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.StageSpan;
import dev.drpo.runtime.tracing.TraceContext;
import dev.drpo.runtime.tracing.Tracing;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Notes groups' ways as spans of OpenTelemetry, and sends them to a collector by OTLP over HTTP, in
 * batches and from a thread of its own. What arrives in records is read, and written, as W3C's
 * Trace Context; what can't be read is passed over.
 *
 * <p>Nothing but the maker of a process's tracing may name this class, so that a process without
 * traces loads nothing of OpenTelemetry.
 */
public final class OtlpTracing implements Tracing, AutoCloseable {
  private static final Duration SEND_WITHIN = Duration.ofSeconds(10);
  private static final int MOST_GROUPS_OF_A_STEP = 100_000;
  private static final long LAST_BATCH_SECONDS = 2;

  private final GroupTraceIds ids;
  private final BoundedSpans spans;
  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /**
   * Sends to a collector, which may be away.
   *
   * @param collector what spans are posted to
   * @param share of groups that are traced, of those that this process dispatches
   * @param service name of this process's service
   * @param replica name of this process
   */
  public OtlpTracing(URI collector, double share, String service, String replica) {
    this.ids = new GroupTraceIds(share);
    this.spans =
        new BoundedSpans(
            OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.toString())
                .setTimeout(SEND_WITHIN)
                // What is not taken is given up: spans are worth no queue of old ones.
                .setRetryPolicy(null)
                .build(),
            collector);
    this.provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault().toBuilder()
                    .put("service.name", service)
                    .put("service.instance.id", replica)
                    .build())
            .setIdGenerator(ids)
            .setSpanLimits(SpanLimits.builder().setMaxNumberOfLinks(MOST_GROUPS_OF_A_STEP).build())
            .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
            .addSpanProcessor(spans)
            .build();
    this.tracer = provider.get("dev.drpo");
  }

  @Override
  public StageSpan dispatch(GroupId group, Instant at) {
    return ids.isTraced(group)
        ? ids.within(group, () -> open(Stage.DISPATCH, group, Context.root(), at))
        : StageSpan.NONE;
  }

  @Override
  public StageSpan follow(Stage stage, GroupId group, TraceContext cause, Instant at) {
    return TraceParents.read(cause).isValid()
        ? open(stage, group, TraceParents.parent(cause), at)
        : StageSpan.NONE;
  }

  @Override
  public StageSpan step(String run, long step, Collection<TraceContext> groups, Instant at) {
    SpanBuilder builder = builder(Stage.STEP, Context.root(), at);
    builder.setAttribute(SpanKeys.RUN, run).setAttribute(SpanKeys.STEP, step);
    List<SpanContext> links =
        groups.stream().map(TraceParents::read).filter(SpanContext::isSampled).toList();
    links.forEach(builder::addLink);
    return links.isEmpty() ? StageSpan.NONE : new OtlpSpan(builder.startSpan(), at);
  }

  private StageSpan open(Stage stage, GroupId group, Context parent, Instant at) {
    return new OtlpSpan(
        builder(stage, parent, at)
            .setAttribute(SpanKeys.RUN, group.getRun())
            .setAttribute(SpanKeys.STEP, group.getStep())
            .setAttribute(SpanKeys.PROMPT, group.getPrompt())
            .setAttribute(SpanKeys.PURPOSE, group.getPurpose().name())
            .startSpan(),
        at);
  }

  private SpanBuilder builder(Stage stage, Context parent, Instant at) {
    return tracer
        .spanBuilder(stage.spanName())
        .setParent(parent)
        .setSpanKind(
            switch (stage) {
              case DISPATCH -> SpanKind.PRODUCER;
              case SAMPLE, JUDGE -> SpanKind.CONSUMER;
              case PROMPT_QUEUE, ROLLOUT_QUEUE, SCORED_QUEUE, STEP -> SpanKind.INTERNAL;
            })
        .setStartTimestamp(at);
  }

  /** Spans that the collector never got, so far. */
  public long dropped() {
    return spans.dropped();
  }

  /** Sends what is left, if the collector takes it at once. */
  @Override
  public void close() {
    var _ = provider.shutdown().join(LAST_BATCH_SECONDS, TimeUnit.SECONDS);
  }
}
