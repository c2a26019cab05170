package dev.drpo.runtime.messaging;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.Threads;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;

/** What a work queue needs of a broker, with its records in memory. */
record MemoryClients(MemoryShareGroup group, Producer<byte[], byte[]> producer) implements Clients {
  static Messaging messaging(MemoryShareGroup group) {
    return messaging(group, new MockProducer<>());
  }

  static Messaging messaging(MemoryShareGroup group, Producer<byte[], byte[]> producer) {
    return new Messaging(
        "memory",
        "worker",
        new RunConfig.Kafka("nowhere:9092", 30, 10, 1, 1, ""),
        Topics.of("memory"),
        InstantSource.system(),
        new MemoryClients(group, producer),
        Threads.ofPlatform());
  }

  @Override
  public ShareConsumer<byte[], byte[]> shareConsumer(Map<String, Object> settings) {
    return group.join();
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    return producer;
  }

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    throw new UnsupportedOperationException("a work queue reads no log");
  }

  /** Every topic stays the one that it is. */
  @Override
  public Admin admin(Map<String, Object> settings) {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "describeTopics" -> new SameTopics((Collection<?>) arguments[0]);
                  case "close" -> null;
                  default ->
                      throw new UnsupportedOperationException(
                          "a work queue changes nothing on the broker");
                });
  }

  private static final class SameTopics extends DescribeTopicsResult {
    SameTopics(Collection<?> topics) {
      super(
          null,
          topics.stream()
              .map(String::valueOf)
              .collect(
                  Collectors.toMap(
                      name -> name, name -> KafkaFuture.completedFuture(topic(name)))));
    }

    private static TopicDescription topic(String name) {
      return new TopicDescription(name, false, List.of(), Set.of(), new Uuid(1, 1));
    }
  }

  @Override
  public void awaitTopics(Messaging messaging, Runnable round) {
    throw new UnsupportedOperationException("a work queue waits for no topic");
  }
}
