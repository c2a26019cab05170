package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Removes the oldest records of logs and work queues once nobody needs them. A reader of a log that
 * has not got so far finds its position gone. The broker frees a segment of the log's files when
 * all that it holds is removed. Safe for use by many threads.
 */
public final class LogHead implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Admin admin;
  private volatile boolean closed;

  private LogHead(Admin admin) {
    this.admin = admin;
  }

  /** Opens a connection; the broker may still be down. */
  public static LogHead open(Messaging messaging) {
    return new LogHead(messaging.clients().admin(messaging.clientSettings("log-head")));
  }

  /**
   * Removes the records before a position.
   *
   * @return completes when the log begins there, or fails with what the broker says, such as that
   *     this user may not delete
   */
  public CompletionStage<Void> removeBefore(RecordPosition first) {
    return untilClosed(
        remove(Map.of(new TopicPartition(first.topic(), first.partition()), first.offset())));
  }

  /**
   * Removes the records of a work queue that its workers are done with: those before the first one
   * that may still be delivered to one of them. The broker notes how far that is whenever a record
   * is settled, as it was before; so the last of them stay until more are settled.
   *
   * @param queue the topic
   * @param workers its share group, the only one
   * @return completes when they are gone, also if there were none, or fails with what the broker
   *     says
   */
  public CompletionStage<Void> removeDone(String queue, String workers) {
    return untilClosed(
        admin
            .listShareGroupOffsets(Map.of(workers, new ListShareGroupOffsetsSpec()))
            .partitionsToOffsetInfo(workers)
            .toCompletionStage()
            .exceptionally(LogHead::noneOfNoGroup)
            .thenCompose(offsets -> remove(firstOpen(queue, offsets))));
  }

  /** What closing cuts off is nobody's failure: whoever opens the next one removes as much. */
  private CompletionStage<Void> untilClosed(CompletionStage<Void> removal) {
    return removal.exceptionally(
        failure -> {
          if (closed) {
            return null;
          }
          throw failure instanceof RuntimeException refused ? refused : new KafkaException(failure);
        });
  }

  /** No worker has joined yet. */
  private static Map<TopicPartition, SharePartitionOffsetInfo> noneOfNoGroup(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof GroupIdNotFoundException) {
      return Map.of();
    }
    throw cause instanceof RuntimeException refused ? refused : new KafkaException(cause);
  }

  /** Offsets of a queue's first records that workers are not done with, by partition. */
  private static Map<TopicPartition, Long> firstOpen(
      String queue, Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
    Map<TopicPartition, Long> first = new HashMap<>();
    offsets.forEach(
        (partition, info) -> {
          // A partition that no worker has fetched from has no offset yet.
          if (partition.topic().equals(queue) && info != null && info.startOffset() > 0) {
            first.put(partition, info.startOffset());
          }
        });
    return first;
  }

  private CompletionStage<Void> remove(Map<TopicPartition, Long> first) {
    Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
    first.forEach(
        (partition, offset) -> before.put(partition, RecordsToDelete.beforeOffset(offset)));
    return admin.deleteRecords(before).all().toCompletionStage();
  }

  @Override
  public void close() {
    closed = true;
    admin.close(CLOSE_TIMEOUT);
  }
}
