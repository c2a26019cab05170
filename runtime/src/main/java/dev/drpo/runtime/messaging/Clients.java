package dev.drpo.runtime.messaging;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;

/** What a process reaches the broker by. Settings are Kafka's own, by name. */
public interface Clients {
  /** Takes records from a share group. */
  ShareConsumer<byte[], byte[]> shareConsumer(Map<String, Object> settings);

  /** Reads a topic by position. */
  Consumer<byte[], byte[]> consumer(Map<String, Object> settings);

  /** Publishes records. */
  Producer<byte[], byte[]> producer(Map<String, Object> settings);

  /** Asks the broker about itself, and changes it. */
  Admin admin(Map<String, Object> settings);

  /**
   * Waits until the broker has the topics of a run, creating what is missing.
   *
   * @param round called again and again meanwhile
   */
  void awaitTopics(Messaging messaging, Runnable round) throws InterruptedException;

  /** Clients of the broker that the settings name. */
  static Clients ofKafka() {
    return KafkaClients.INSTANCE;
  }
}
