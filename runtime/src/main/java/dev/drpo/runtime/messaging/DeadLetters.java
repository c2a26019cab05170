package dev.drpo.runtime.messaging;

import com.google.protobuf.ByteString;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RecordHeader;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;

/** Keeps records that can't be worked on, with the reason, where people find them. */
final class DeadLetters implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DeadLetters.class);

  private static final int MAX_REASON = 8 << 10;
  private static final int MAX_KEY = 8 << 10;
  private static final int MAX_HEADERS = 16 << 10;

  /** Of a header in its letter. */
  private static final int FRAMING = 8;

  private final Messaging messaging;
  private final Publisher publisher;

  DeadLetters(Messaging messaging, String role) {
    this.messaging = messaging;
    this.publisher = Publisher.open(messaging, role + ".dead-letters");
  }

  /**
   * Publishes the record's bytes and the reason.
   *
   * @param parsed the record's message, where it could be parsed
   * @return whether the record is safe among the dead letters; if not, the caller keeps it
   */
  boolean bury(
      ConsumerRecord<byte[], byte[]> record, Optional<?> parsed, String reason, Duration patience)
      throws InterruptedException {
    RecordPosition position =
        new RecordPosition(record.topic(), record.partition(), record.offset());
    try {
      Future<?> published =
          publisher.publish(
              messaging.topics().deadLetters(), record.topic(), letter(record, parsed, reason));
      messaging.threads().get(published, patience);
      LOG.warnf("%s became a dead letter: %s", position, reason);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("%s waits to become a dead letter (%s): %s", position, reason, e.toString());
      return false;
    }
  }

  private DeadLetter letter(
      ConsumerRecord<byte[], byte[]> record, Optional<?> parsed, String reason) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setRun(messaging.run())
            .setSourceTopic(record.topic())
            .setSourcePartition(record.partition())
            .setSourceOffset(record.offset())
            .setOriginalKey(clip(record.key(), MAX_KEY))
            // A batch that was compressed may hold a record above the limit of a topic.
            .setOriginalValue(clip(record.value(), RecordLimits.BATCH))
            .addAllOriginalHeaders(headers(record))
            .setReason(reason.substring(0, Math.min(reason.length(), MAX_REASON)))
            .setService(messaging.service())
            .setCreatedAtMillis(messaging.clock().millis());
    // The record holds it, too; one that is as long as a record leaves no room for both.
    parsed
        .flatMap(DeadLetters::groupOf)
        .filter(id -> id.getSerializedSize() <= MAX_KEY)
        .ifPresent(letter::setId);
    return letter.build();
  }

  private static Optional<GroupId> groupOf(Object message) {
    return switch (message) {
      case PromptTask task when task.hasId() -> Optional.of(task.getId());
      case RolloutGroup group when group.hasId() -> Optional.of(group.getId());
      case ScoredGroup scored when scored.getGroup().hasId() ->
          Optional.of(scored.getGroup().getId());
      default -> Optional.empty();
    };
  }

  /** The first headers, as many as leave room for the record. */
  private static List<RecordHeader> headers(ConsumerRecord<byte[], byte[]> record) {
    List<RecordHeader> headers = new ArrayList<>();
    int left = MAX_HEADERS;
    for (Header header : record.headers()) {
      RecordHeader kept =
          RecordHeader.newBuilder()
              .setKey(header.key())
              .setValue(clip(header.value(), MAX_HEADERS))
              .build();
      left -= kept.getSerializedSize() + FRAMING;
      if (left < 0) {
        break;
      }
      headers.add(kept);
    }
    return headers;
  }

  private static ByteString clip(byte[] value, int limit) {
    return value == null
        ? ByteString.EMPTY
        : ByteString.copyFrom(value, 0, Math.min(value.length, limit));
  }

  @Override
  public void close() {
    publisher.close();
  }
}
