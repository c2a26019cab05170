package dev.drpo.service.tracing;

import dev.drpo.runtime.tracing.StageSpan;
import dev.drpo.runtime.tracing.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;

/**
 * One span of OpenTelemetry.
 *
 * @param began before which it can't end, however clocks differ
 */
record OtlpSpan(Span span, Instant began) implements StageSpan {
  @Override
  public boolean isRecorded() {
    return span.isRecording();
  }

  @Override
  public TraceContext context() {
    return TraceParents.of(span);
  }

  @Override
  public void put(String key, long value) {
    var _ = span.setAttribute(key, value);
  }

  @Override
  public void link(TraceContext other) {
    SpanContext to = TraceParents.read(other);
    if (to.isValid()) {
      var _ = span.addLink(to);
    }
  }

  @Override
  public void end(Instant at) {
    span.end(at.isBefore(began) ? began : at);
  }

  @Override
  public void fail(String reason, Instant at) {
    var _ = span.setStatus(StatusCode.ERROR, reason);
    end(at);
  }
}
