package dev.drpo.service.tracing;

import dev.drpo.runtime.tracing.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What records carry, as OpenTelemetry reads and writes it. */
final class TraceParents {
  private static final String FIELD = "traceparent";

  private static final W3CTraceContextPropagator PROPAGATOR =
      W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<TraceContext> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceContext trace) {
          return List.of(FIELD);
        }

        @Override
        public String get(TraceContext trace, String field) {
          return trace != null && field.equals(FIELD) ? trace.traceparent() : null;
        }
      };

  private TraceParents() {}

  /** A parent for spans; the root where there is no trace, or none that can be read. */
  static Context parent(TraceContext trace) {
    return trace.isPresent() ? PROPAGATOR.extract(Context.root(), trace, GETTER) : Context.root();
  }

  /** The span that a record stands behind; invalid where there is none. */
  static SpanContext read(TraceContext trace) {
    return Span.fromContext(parent(trace)).getSpanContext();
  }

  /** What a record behind a span carries. */
  static TraceContext of(Span span) {
    Map<String, String> fields = new HashMap<>();
    PROPAGATOR.inject(Context.root().with(span), fields, Map::put);
    return new TraceContext(fields.getOrDefault(FIELD, ""));
  }
}
