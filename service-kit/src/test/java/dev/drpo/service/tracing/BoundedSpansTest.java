package dev.drpo.service.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoundedSpansTest {
  private static final int MORE = 10;

  /** Answers when it is told to. */
  private static final class Slow implements SpanExporter {
    private final Queue<CompletableResultCode> asked = new ConcurrentLinkedQueue<>();
    private volatile boolean answers;

    @Override
    public CompletableResultCode export(Collection<SpanData> batch) {
      CompletableResultCode answer = new CompletableResultCode();
      asked.add(answer);
      if (answers) {
        answer.succeed();
      }
      return answer;
    }

    void answer() {
      answers = true;
      asked.forEach(CompletableResultCode::succeed);
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void whatThereIsNoRoomForIsDroppedAndRoomComesBack() {
    Slow collector = new Slow();
    BoundedSpans spans = new BoundedSpans(collector, URI.create("http://collector"));
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(spans).build()) {
      for (int i = 0; i < BoundedSpans.ROOM + MORE; i++) {
        provider.get("test").spanBuilder("span").startSpan().end();
      }
      assertThat(spans.dropped()).isEqualTo(MORE);
      CompletableResultCode sent = provider.forceFlush();
      collector.answer();
      // One that is asked between the two is answered at once.
      assertThat(sent.join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
      for (int i = 0; i < BoundedSpans.ROOM; i++) {
        provider.get("test").spanBuilder("span").startSpan().end();
      }
      assertThat(spans.dropped()).isEqualTo(MORE);
    }
    assertThat(spans.dropped()).isEqualTo(MORE);
  }
}
