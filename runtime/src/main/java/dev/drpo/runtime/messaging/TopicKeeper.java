package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Keeps a run's topics there, on a thread of its own: creates them again on a broker that has lost
 * them, and counts that, so that their owner can publish again what is needed of what they held. A
 * topic counts as lost when it has been missing for some seconds, or is another one by the same
 * name. Safe for use by many threads.
 */
public final class TopicKeeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TopicKeeper.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Messaging messaging;
  private final Admin admin;
  private final Thread thread;
  private final AtomicInteger losses = new AtomicInteger();

  // Only the keeper's thread uses these.
  private final Map<String, Uuid> known = new HashMap<>();
  private Set<String> missing = Set.of();

  private TopicKeeper(Messaging messaging) {
    this.messaging = messaging;
    this.admin = messaging.clients().admin(messaging.clientSettings("topic-keeper"));
    this.thread = messaging.threads().unstarted("topic-keeper", this::run);
  }

  /** Starts to watch over the topics of a run, which exist. */
  public static TopicKeeper start(Messaging messaging) {
    TopicKeeper keeper = new TopicKeeper(messaging);
    keeper.thread.start();
    return keeper;
  }

  /** How often topics were lost and are there again. */
  public int losses() {
    return losses.get();
  }

  private void run() {
    try {
      while (true) {
        look();
        messaging.threads().sleep(EVERY);
      }
    } catch (InterruptedException e) {
      LOG.debug("the topics are not watched any more");
    }
  }

  private void look() throws InterruptedException {
    Optional<Map<String, Optional<Uuid>>> answer = ask();
    if (answer.isEmpty()) {
      return;
    }
    Set<String> gone = new TreeSet<>();
    answer
        .get()
        .forEach(
            (topic, id) -> {
              if (id.isEmpty()) {
                gone.add(topic);
              }
            });
    if (gone.isEmpty()) {
      compare(answer.get());
    } else if (missing.isEmpty()) {
      // A broker that comes up may not know all of its topics yet.
      missing = gone;
    } else {
      LOG.errorf(
          "the broker at %s lost the run's topics: it has no %s; they are created again, and what"
              + " they held is published again as far as it is needed",
          messaging.kafka().bootstrapServers(), String.join(", ", gone));
      messaging.clients().awaitTopics(messaging, () -> {});
      gone.forEach(topic -> known.put(topic, Uuid.ZERO_UUID));
      ask().ifPresent(this::compare);
    }
  }

  /** Notices topics that have taken the place of others. */
  private void compare(Map<String, Optional<Uuid>> answer) {
    missing = Set.of();
    boolean lost = false;
    for (Map.Entry<String, Optional<Uuid>> topic : answer.entrySet()) {
      if (topic.getValue().isPresent()) {
        Uuid before = known.put(topic.getKey(), topic.getValue().get());
        lost |= before != null && !before.equals(topic.getValue().get());
      }
    }
    if (lost) {
      LOG.warnf(
          "topics of run %s at %s have taken the place of others, whose records are gone",
          messaging.run(), messaging.kafka().bootstrapServers());
      losses.incrementAndGet();
    }
  }

  /** The topics that there are; empty if the broker does not answer, or not to this user. */
  private Optional<Map<String, Optional<Uuid>>> ask() throws InterruptedException {
    Map<String, Optional<Uuid>> topics = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> answer :
        admin.describeTopics(messaging.topics().all()).topicNameValues().entrySet()) {
      try {
        topics.put(
            answer.getKey(),
            Optional.of(messaging.threads().get(answer.getValue(), PATIENCE).topicId()));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          return Optional.empty();
        }
        topics.put(answer.getKey(), Optional.empty());
      } catch (TimeoutException e) {
        return Optional.empty();
      }
    }
    return Optional.of(topics);
  }

  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    admin.close(CLOSE_TIMEOUT);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
