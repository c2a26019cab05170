package dev.drpo.service.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.StageSpan;
import dev.drpo.runtime.tracing.TraceContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpTracingTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final GroupId GROUP =
      GroupId.newBuilder()
          .setRun("mine")
          .setPurpose(Purpose.PURPOSE_TRAINING)
          .setStep(3)
          .setPrompt("p7")
          .build();

  private static OtlpTracing away(double share) {
    return new OtlpTracing(nobody(), share, "learner", "learner-0");
  }

  /** An address where nobody listens. */
  private static URI nobody() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://localhost:" + socket.getLocalPort() + "/v1/traces");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatARecordCarriesIsW3cTraceContext() {
    try (OtlpTracing tracing = away(1)) {
      TraceContext first = tracing.dispatch(GROUP, NOW).context();
      assertThat(first.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
      TraceContext next = tracing.follow(Stage.SAMPLE, GROUP, first, NOW).context();
      assertThat(traceId(next)).isEqualTo(traceId(first));
      assertThat(next).isNotEqualTo(first);
    }
  }

  private static String traceId(TraceContext trace) {
    return trace.traceparent().substring(3, 35);
  }

  @Test
  void aGroupThatIsDispatchedAgainIsInTheSameTrace() {
    GroupId other = GROUP.toBuilder().setPrompt("p8").build();
    try (OtlpTracing tracing = away(1);
        OtlpTracing resumed = away(1)) {
      TraceContext first = tracing.dispatch(GROUP, NOW).context();
      assertThat(traceId(tracing.dispatch(GROUP, NOW).context())).isEqualTo(traceId(first));
      assertThat(traceId(tracing.dispatch(other, NOW).context())).isNotEqualTo(traceId(first));
      // Another process may be another run of the name.
      assertThat(traceId(resumed.dispatch(GROUP, NOW).context())).isNotEqualTo(traceId(first));
    }
  }

  @Test
  void whichGroupsAreTracedFollowsFromTheirIdentity() {
    try (OtlpTracing tracing = away(0.25);
        OtlpTracing resumed = away(0.25)) {
      int traced = 0;
      for (int step = 0; step < 4000; step++) {
        GroupId group = GROUP.toBuilder().setStep(step).build();
        boolean is = tracing.dispatch(group, NOW).isRecorded();
        assertThat(resumed.dispatch(group, NOW).isRecorded()).isEqualTo(is);
        traced += is ? 1 : 0;
      }
      assertThat(traced).isBetween(900, 1100);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nx: y"
      })
  void whatIsNoTraceContextIsPassedOver(String header) {
    TraceContext cause = new TraceContext(header);
    try (OtlpTracing tracing = away(1)) {
      assertThat(tracing.follow(Stage.JUDGE, GROUP, cause, NOW)).isSameAs(StageSpan.NONE);
      assertThat(tracing.step("mine", 3, List.of(cause), NOW)).isSameAs(StageSpan.NONE);
      StageSpan span = tracing.dispatch(GROUP, NOW);
      span.link(cause);
      span.end(NOW);
    }
  }

  @Test
  void aTraceThatItsBeginnerDoesNotRecordIsNotRecordedHere() {
    TraceContext unsampled =
        new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    try (OtlpTracing tracing = away(1)) {
      StageSpan span = tracing.follow(Stage.JUDGE, GROUP, unsampled, NOW);
      assertThat(span.isRecorded()).isFalse();
      assertThat(span.context().traceparent()).endsWith("-00");
    }
  }

  @Test
  void aCollectorThatIsAwayCostsOneWarningAndItsSpansAreCounted() {
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            warnings.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger(BoundedSpans.class.getName());
    log.addHandler(handler);
    OtlpTracing tracing = away(1);
    try (tracing) {
      for (int i = 0; i < 3 * BoundedSpans.ROOM; i++) {
        tracing.dispatch(GROUP, NOW).end(NOW.plus(Duration.ofMillis(1)));
      }
    } finally {
      log.removeHandler(handler);
    }
    assertThat(tracing.dropped()).isEqualTo(3L * BoundedSpans.ROOM);
    assertThat(warnings).hasSize(1);
  }
}
