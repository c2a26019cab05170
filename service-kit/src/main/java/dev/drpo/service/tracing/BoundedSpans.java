package dev.drpo.service.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Spans on their way to a collector: so many wait, and those for which there is no room, or which
 * it does not take, are dropped and counted. A collector that is away is told of now and then.
 */
final class BoundedSpans implements SpanProcessor {
  /** Most spans that wait or are being sent. */
  static final int ROOM = 4096;

  private static final Logger LOG = Logger.getLogger(BoundedSpans.class);
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(5);

  private final URI collector;
  private final BatchSpanProcessor batches;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong lastWarning =
      new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS.toNanos());

  BoundedSpans(SpanExporter exporter, URI collector) {
    this.collector = collector;
    this.batches = BatchSpanProcessor.builder(new Counted(exporter)).setMaxQueueSize(ROOM).build();
  }

  /** Spans that the collector never got. */
  long dropped() {
    return dropped.get();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (waiting.incrementAndGet() > ROOM) {
      waiting.decrementAndGet();
      drop(1, "it takes them too slowly");
    } else {
      batches.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  private void drop(int spans, String reason) {
    long all = dropped.addAndGet(spans);
    long last = lastWarning.get();
    long now = System.nanoTime();
    if (now - last >= BETWEEN_WARNINGS.toNanos() && lastWarning.compareAndSet(last, now)) {
      LOG.warnf(
          "spans can't be sent to %s: %s; %d are dropped so far, and the run goes on without them;"
              + " start the collector, or change tracing.endpoint",
          collector, reason, all);
    }
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  /** Knows what becomes of batches. */
  private final class Counted implements SpanExporter {
    private final SpanExporter exporter;

    Counted(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> batch) {
      int spans = batch.size();
      CompletableResultCode sent = exporter.export(batch);
      return sent.whenComplete(
          () -> {
            waiting.addAndGet(-spans);
            if (!sent.isSuccess()) {
              Throwable cause = sent.getFailureThrowable();
              drop(spans, cause == null ? "it does not take them" : cause.toString());
            }
          });
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
