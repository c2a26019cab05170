package dev.drpo.runtime.messaging;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.runtime.tracing.TraceContext;
import java.time.Duration;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class TraceHeaderTest {
  private static final TraceContext TRACE =
      new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

  private Headers sent(TraceContext trace) {
    Messaging messaging = MemoryClients.messaging(new MemoryShareGroup(), producer);
    try (Publisher publisher = Publisher.open(messaging)) {
      var _ = publisher.publish("topic", "key", PromptTask.getDefaultInstance(), trace);
    }
    return producer.history().getLast().headers();
  }

  @Test
  void aRecordCarriesItsTraceByTheNameThatW3cGivesIt() {
    Headers headers = sent(TRACE);
    assertThat(headers.toArray()).hasSize(1);
    assertThat(new String(headers.lastHeader("traceparent").value(), US_ASCII))
        .isEqualTo(TRACE.traceparent());
    assertThat(TraceHeader.of(headers)).isEqualTo(TRACE);
  }

  @Test
  void aRecordOfNoTraceCarriesNothing() {
    assertThat(sent(TraceContext.NONE).toArray()).isEmpty();
  }

  @Test
  void aHeaderWithoutAValueIsNone() {
    Headers headers = new RecordHeaders().add("traceparent", null).add("other", new byte[] {1});
    assertThat(TraceHeader.of(headers)).isEqualTo(TraceContext.NONE);
    headers.add("traceparent", new byte[0]);
    assertThat(TraceHeader.of(headers)).isEqualTo(TraceContext.NONE);
  }

  @Test
  void aWorkerGetsTheTraceWithItsLease() throws Exception {
    MemoryShareGroup group = new MemoryShareGroup();
    group.add(
        PromptTask.newBuilder().setConfiguration("c").build().toByteArray(),
        new RecordHeaders().add("traceparent", TRACE.traceparent().getBytes(US_ASCII)));
    Messaging messaging = MemoryClients.messaging(group);
    try (WorkQueue<PromptTask> queue =
        WorkQueue.open(
            messaging,
            messaging.topics().prompts(),
            messaging.topics().rolloutWorkers(),
            PromptTask.parser(),
            1)) {
      Lease<PromptTask> lease = queue.take(Duration.ofMinutes(1)).orElseThrow();
      assertThat(lease.trace()).isEqualTo(TRACE);
      lease.complete();
    }
  }
}
