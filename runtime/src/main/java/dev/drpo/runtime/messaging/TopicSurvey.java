package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaException;

/** Looks what a broker has of a run, before anything of the run is started. Changes nothing. */
public final class TopicSurvey {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private TopicSurvey() {}

  /**
   * The topics of the run that exist.
   *
   * @param patience longest wait for the answer
   * @throws MessagingException if no broker answers in time
   */
  public static Set<String> existing(Messaging messaging, Duration patience)
      throws InterruptedException {
    Set<String> topics = new TreeSet<>();
    Stream.concat(messaging.topics().queues().stream(), messaging.topics().logs().stream())
        .forEach(topics::add);
    Admin admin = null;
    try {
      admin = messaging.clients().admin(messaging.clientSettings("survey"));
      int millis = Math.toIntExact(patience.toMillis());
      topics.retainAll(
          admin
              .listTopics(new ListTopicsOptions().timeoutMs(millis))
              .names()
              .get(millis, TimeUnit.MILLISECONDS));
      return topics;
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw new MessagingException(
          "no broker answers at %s within %d s%s; start it, or correct the address"
              .formatted(messaging.kafka().bootstrapServers(), patience.toSeconds(), reason(e)),
          e);
    } finally {
      if (admin != null) {
        admin.close(CLOSE_PATIENCE);
      }
    }
  }

  /** What went wrong in the end, in parentheses; nothing where the client does not say. */
  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? "" : " (" + root.getMessage() + ")";
  }
}
