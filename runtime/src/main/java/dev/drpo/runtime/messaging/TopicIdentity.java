package dev.drpo.runtime.messaging;

import dev.drpo.runtime.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Tells whether a topic is still the one that it was. A broker that lost its data, or on which
 * somebody deleted the topic, has another one by the same name sooner or later, whose offsets say
 * nothing of the first one's; a reader can't see that by offsets alone once the other one has grown
 * as long. A broker that does not describe topics to this user is trusted. Safe for use by many
 * threads.
 */
final class TopicIdentity implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final String topic;
  private final Admin admin;
  private final Threads threads;
  private Optional<Uuid> known = Optional.empty();
  private KafkaFuture<TopicDescription> asked;
  private long askAt;
  private Finding last = Finding.SAME;

  /** What became of the topic. */
  enum Finding {
    /** Nothing, as far as is known. */
    SAME,
    /** The broker has no topic of the name. */
    GONE,
    /** The broker has another topic of the name. */
    OTHER
  }

  TopicIdentity(Messaging messaging, String topic) {
    this.topic = topic;
    this.admin = messaging.clients().admin(messaging.clientSettings(topic + ".identity"));
    this.threads = messaging.threads();
    this.askAt = threads.nanoTime();
  }

  /**
   * Takes the topic that there is now for the one that is meant.
   *
   * @return false if the broker is away, or has none; the first answer to come is then taken for it
   */
  synchronized boolean adopt(Duration patience) throws InterruptedException {
    asked = null;
    last = Finding.SAME;
    askAt = threads.nanoTime() + EVERY.toNanos();
    try {
      known = Optional.of(threads.get(ask(), patience).topicId());
      return true;
    } catch (ExecutionException e) {
      known = Optional.empty();
      return !(e.getCause() instanceof RetriableException);
    } catch (TimeoutException e) {
      known = Optional.empty();
      return false;
    }
  }

  /** Tells what was found lately, and asks again if that was a while ago. Does not wait. */
  synchronized Finding look() {
    if (asked != null && asked.isDone()) {
      last = found(asked);
      asked = null;
      askAt = threads.nanoTime() + EVERY.toNanos();
    }
    if (asked == null && threads.nanoTime() - askAt >= 0) {
      asked = ask();
    }
    return last;
  }

  private KafkaFuture<TopicDescription> ask() {
    return admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
  }

  private Finding found(KafkaFuture<TopicDescription> answer) {
    try {
      Uuid now = answer.getNow(null).topicId();
      if (known.isEmpty()) {
        known = Optional.of(now);
      }
      return known.get().equals(now) ? Finding.SAME : Finding.OTHER;
    } catch (ExecutionException e) {
      // A broker that is away says nothing about its topics.
      return e.getCause() instanceof UnknownTopicOrPartitionException ? Finding.GONE : last;
    } catch (InterruptedException e) {
      throw new IllegalStateException("the answer is there", e);
    }
  }

  @Override
  public void close() {
    admin.close(CLOSE_TIMEOUT);
  }
}
