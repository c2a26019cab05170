package dev.drpo.runtime.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.MessageLite;
import dev.drpo.runtime.tracing.TraceContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Publishes records durably and in order: a record counts as published once every in-sync replica
 * has it, and retries never write it twice. Safe for use by many threads.
 */
public final class Publisher implements AutoCloseable {
  /** How long the broker may be away. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final Messaging messaging;

  private Publisher(Producer<byte[], byte[]> producer, Messaging messaging) {
    this.producer = producer;
    this.messaging = messaging;
  }

  /** Opens a publisher; the broker may still be down. */
  public static Publisher open(Messaging messaging) {
    return open(messaging, "publisher");
  }

  static Publisher open(Messaging messaging, String role) {
    Map<String, Object> settings = messaging.clientSettings(role);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    // A broker that has lost its data takes the first batch that comes for the beginning, and those
    // before it for out of order, again and again. Batches are large, so that it costs little.
    settings.put("max.in.flight.requests.per.connection", 1);
    settings.put("compression.type", "lz4");
    settings.put("max.request.size", RecordLimits.DEAD_LETTER_BATCH);
    settings.put("buffer.memory", RecordLimits.BUFFER);
    // A record that can't be handed over is tried for as long as one that is under way.
    settings.put("max.block.ms", PATIENCE.toMillis());
    settings.put("delivery.timeout.ms", Math.toIntExact(PATIENCE.toMillis()));
    return new Publisher(messaging.clients().producer(settings), messaging);
  }

  /**
   * Publishes a record. The future completes with its position, or fails with a {@link
   * MessagingException}: with an {@link OversizedRecordException} if the record is too large, after
   * two minutes if the broker does not take it. Blocks for up to two minutes if the broker has
   * never been reached, has no leader for the topic, or buffers are full.
   *
   * @param key records with the same key keep their order
   */
  public CompletableFuture<RecordPosition> publish(String topic, String key, MessageLite record) {
    return publish(topic, key, record, TraceContext.NONE);
  }

  /**
   * The same of a record that stands in a trace.
   *
   * @param trace what its headers carry of it
   */
  public CompletableFuture<RecordPosition> publish(
      String topic, String key, MessageLite record, TraceContext trace) {
    int limit =
        topic.equals(messaging.topics().deadLetters())
            ? RecordLimits.DEAD_LETTER
            : RecordLimits.RECORD;
    int size = record.getSerializedSize();
    if (size > limit) {
      return CompletableFuture.failedFuture(
          new OversizedRecordException(
              "the record %s for %s has %d bytes but a record may have %d; lower the group size or"
                      .formatted(key, topic, size, limit)
                  + " the response length"));
    }
    CompletableFuture<RecordPosition> published = new CompletableFuture<>();
    ProducerRecord<byte[], byte[]> sent =
        new ProducerRecord<>(topic, key.getBytes(UTF_8), record.toByteArray());
    TraceHeader.add(trace, sent.headers());
    try {
      var _ =
          producer.send(
              sent,
              (metadata, failure) -> {
                if (failure == null) {
                  published.complete(
                      new RecordPosition(
                          metadata.topic(), metadata.partition(), metadata.offset()));
                } else {
                  published.completeExceptionally(notTaken(topic, key, failure));
                }
              });
    } catch (KafkaException e) {
      published.completeExceptionally(notTaken(topic, key, e));
    }
    return published;
  }

  /** Waits until every record handed over so far is published or has failed. */
  public void flush() {
    producer.flush();
  }

  /** Waits up to ten seconds for records under way, and fails the rest. */
  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private MessagingException notTaken(String topic, String key, Exception cause) {
    if (cause instanceof RecordTooLargeException) {
      return new OversizedRecordException(
          "the topic %s at %s does not take a record as large as %s: %s; raise its max.message.bytes to %d"
              .formatted(
                  topic,
                  messaging.kafka().bootstrapServers(),
                  key,
                  cause.getMessage(),
                  RecordLimits.of(topic, messaging.topics())),
          cause);
    }
    return new MessagingException(
        "the broker at %s did not take the record %s for %s: %s; check that it runs and has the topic"
            .formatted(messaging.kafka().bootstrapServers(), key, topic, cause.getMessage()),
        cause);
  }
}
