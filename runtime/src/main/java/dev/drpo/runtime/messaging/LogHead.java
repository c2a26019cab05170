package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/**
 * Removes the oldest records of a log once nobody needs them. A reader that has not got so far
 * finds its position gone, and begins anew where the log now begins. Safe for use by many threads.
 */
public final class LogHead implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Admin admin;

  private LogHead(Admin admin) {
    this.admin = admin;
  }

  /** Opens a connection; the broker may still be down. */
  public static LogHead open(Messaging messaging) {
    return new LogHead(Admin.create(messaging.clientSettings("log-head")));
  }

  /**
   * Removes the records before a position.
   *
   * @return completes when the log begins there, or fails with what the broker says, such as that
   *     this user may not delete
   */
  public CompletionStage<Void> removeBefore(RecordPosition first) {
    TopicPartition partition = new TopicPartition(first.topic(), first.partition());
    CompletableFuture<Void> removed = new CompletableFuture<>();
    var _ =
        admin
            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(first.offset())))
            .all()
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    removed.complete(null);
                  } else {
                    removed.completeExceptionally(failure);
                  }
                });
    return removed;
  }

  @Override
  public void close() {
    admin.close(CLOSE_TIMEOUT);
  }
}
