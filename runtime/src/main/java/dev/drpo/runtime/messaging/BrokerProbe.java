package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Answers whether the broker is there and has the run's topics, for readiness. One connection is
 * kept between questions. Safe for use by many threads.
 */
public final class BrokerProbe implements AutoCloseable {
  private final Messaging messaging;
  private final List<String> topics;
  private volatile boolean hadTopics;
  private Admin admin;

  private BrokerProbe(Messaging messaging) {
    this.messaging = messaging;
    this.topics = messaging.topics().all();
  }

  public static BrokerProbe open(Messaging messaging) {
    return new BrokerProbe(messaging);
  }

  /**
   * What stands between this service and its topics, for a person; empty if a broker answers and
   * has them all.
   *
   * @param deadline of the answer
   */
  public Optional<String> obstacle(Duration deadline) {
    try {
      Set<String> missing = missing(deadline);
      hadTopics |= missing.isEmpty();
      return missing.isEmpty() ? Optional.empty() : Optional.of(lacks(missing));
    } catch (KafkaException e) {
      return Optional.of(
          "no broker answers at %s: %s"
              .formatted(messaging.kafka().bootstrapServers(), e.getMessage()));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.of("no broker answers at " + messaging.kafka().bootstrapServers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("the question was interrupted");
    }
  }

  private Set<String> missing(Duration deadline)
      throws ExecutionException, TimeoutException, InterruptedException {
    int millis = Math.toIntExact(deadline.toMillis());
    long end = System.nanoTime() + deadline.toNanos();
    Set<String> missing = new TreeSet<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        admin()
            .describeTopics(topics, new DescribeTopicsOptions().timeoutMs(millis))
            .topicNameValues()
            .entrySet()) {
      try {
        topic.getValue().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case UnknownTopicOrPartitionException _ -> missing.add(topic.getKey());
          case AuthorizationException _ -> {
            // A broker that answers, but not this question; who uses the topics is told why not.
          }
          default -> throw e;
        }
      }
    }
    return missing;
  }

  private String lacks(Set<String> missing) {
    return hadTopics
        ? "the broker at %s lost the run's topics: it has no %s; the learner creates them again"
            .formatted(messaging.kafka().bootstrapServers(), String.join(", ", missing))
        : "the broker at %s has no %s yet; the services of the run create them as they start"
            .formatted(messaging.kafka().bootstrapServers(), String.join(", ", missing));
  }

  /** Opened on demand, since a client can't be opened while the broker's name does not resolve. */
  private synchronized Admin admin() {
    if (admin == null) {
      admin = messaging.clients().admin(messaging.clientSettings("probe"));
    }
    return admin;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
