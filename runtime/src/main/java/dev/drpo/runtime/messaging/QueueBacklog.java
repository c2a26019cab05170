package dev.drpo.runtime.messaging;

import dev.drpo.runtime.process.Threads;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Tells how many records of the run's work queues may still be delivered to a worker, those that
 * are leased at the moment included. Zero is exact: whatever was published before the question has
 * been completed, rejected or removed. Safe for use by many threads.
 */
public final class QueueBacklog implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Topics topics;
  private final Admin admin;
  private final Threads threads;

  private QueueBacklog(Topics topics, Admin admin, Threads threads) {
    this.topics = topics;
    this.admin = admin;
    this.threads = threads;
  }

  /** What the broker says of a queue. */
  public sealed interface Answer {
    /** So many records may still be delivered. */
    record Open(long records) implements Answer {}

    /** The broker does not answer at the moment; asking again may help. */
    record Away() implements Answer {}

    /**
     * The broker does not tell.
     *
     * @param reason what it says instead, for a person
     */
    record Untold(String reason) implements Answer {}
  }

  /** Opens a connection; the broker may still be down. */
  public static QueueBacklog open(Messaging messaging) {
    return new QueueBacklog(
        messaging.topics(),
        messaging.clients().admin(messaging.clientSettings("queue-backlog")),
        messaging.threads());
  }

  /** Tasks that a rollout replica has or may be given. */
  public Answer prompts() throws InterruptedException {
    return of(topics.prompts(), topics.rolloutWorkers());
  }

  /** Groups that a reward replica has or may be given. */
  public Answer rollouts() throws InterruptedException {
    return of(topics.rollouts(), topics.rewardWorkers());
  }

  private Answer of(String queue, String workers) throws InterruptedException {
    // Queues have one partition, see Topics.unsplit.
    TopicPartition partition = new TopicPartition(queue, 0);
    try {
      long first = offset(partition, OffsetSpec.earliest());
      long end = offset(partition, OffsetSpec.latest());
      // Records that somebody removed are delivered no more, whatever the group has noted.
      long present = end - first;
      return present == 0 ? new Answer.Open(0) : undelivered(partition, workers, present);
    } catch (TimeoutException e) {
      return new Answer.Away();
    } catch (ExecutionException e) {
      return e.getCause() instanceof RetriableException
          ? new Answer.Away()
          : new Answer.Untold(e.getCause().getMessage());
    }
  }

  private long offset(TopicPartition partition, OffsetSpec which)
      throws InterruptedException, TimeoutException, ExecutionException {
    return await(admin.listOffsets(Map.of(partition, which)).partitionResult(partition)).offset();
  }

  private Answer undelivered(TopicPartition partition, String workers, long present)
      throws InterruptedException, TimeoutException, ExecutionException {
    SharePartitionOffsetInfo info;
    try {
      info =
          await(
                  admin
                      .listShareGroupOffsets(Map.of(workers, new ListShareGroupOffsetsSpec()))
                      .partitionsToOffsetInfo(workers))
              .get(partition);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return new Answer.Open(present);
      }
      throw e;
    }
    if (info == null || info.startOffset() < 0) {
      // No worker has fetched anything yet.
      return new Answer.Open(present);
    }
    return info.lag()
        .<Answer>map(lag -> new Answer.Open(Math.min(present, lag)))
        .orElseGet(() -> new Answer.Untold("it knows no lag of the share group " + workers));
  }

  private <T> T await(Future<T> answer)
      throws InterruptedException, TimeoutException, ExecutionException {
    return threads.get(answer, PATIENCE);
  }

  @Override
  public void close() {
    admin.close(CLOSE_TIMEOUT);
  }
}
