package dev.drpo.runtime.messaging;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own clients; none is opened to what answers as no broker does. */
enum KafkaClients implements Clients {
  /** The only one. */
  INSTANCE;

  @Override
  public ShareConsumer<byte[], byte[]> shareConsumer(Map<String, Object> settings) {
    BrokerGreeting.require(settings);
    return new KafkaShareConsumer<>(
        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    BrokerGreeting.require(settings);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    BrokerGreeting.require(settings);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Admin admin(Map<String, Object> settings) {
    BrokerGreeting.require(settings);
    return Admin.create(settings);
  }

  @Override
  public void awaitTopics(Messaging messaging, Runnable round) throws InterruptedException {
    new TopicProvisioner(messaging).provisionWhenPossible(round);
  }
}
