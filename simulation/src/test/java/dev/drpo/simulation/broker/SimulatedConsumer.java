package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads the partitions of a topic by position. How far it gets ahead in one of them before it reads
 * another is left to chance, as is how much one poll brings.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread at a time runs.
final class SimulatedConsumer extends MockConsumer<byte[], byte[]> {
  private static final Duration API_TIMEOUT = Duration.ofMinutes(1);
  private static final int MOST_RECORDS = 5;

  private final Host host;
  private final Broker broker;
  private final Waiting waiting;
  private final TreeMap<Integer, Long> positions = new TreeMap<>();
  private String name;

  SimulatedConsumer(Host host, Broker broker) {
    super("none");
    this.host = host;
    this.broker = broker;
    this.waiting = new Waiting(host, broker);
  }

  @Override
  public List<PartitionInfo> partitionsFor(String name, Duration timeout) {
    if (!waiting.awaitBroker(timeout)) {
      throw new TimeoutException("the broker is away");
    }
    waiting.travel();
    return IntStream.range(0, broker.find(name).map(Topic::partitions).orElse(0))
        .mapToObj(number -> new PartitionInfo(name, number, null, null, null))
        .toList();
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    name = partitions.iterator().next().topic();
    positions.clear();
    partitions.forEach(partition -> positions.put(partition.partition(), 0L));
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    positions.put(partition.partition(), offset);
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    // As in Kafka, where the beginning is looked up when the position is first used.
    partitions.forEach(partition -> positions.put(partition.partition(), -1L));
  }

  @Override
  public long position(TopicPartition partition) {
    if (positions.get(partition.partition()) < 0) {
      awaitTopic();
      waiting.travel();
      findBeginnings(awaitTopic());
    }
    return positions.get(partition.partition());
  }

  private void findBeginnings(Topic topic) {
    positions.replaceAll((number, at) -> at < 0 ? topic.start(number) : at);
  }

  /** Waits for a broker that is away, and for a topic that it has lost. */
  private Topic awaitTopic() {
    long deadline = host.threads().nanoTime() + API_TIMEOUT.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(deadline - host.threads().nanoTime());
      if (!waiting.awaitBroker(left)) {
        throw new TimeoutException("the broker is away for too long");
      }
      Optional<Topic> topic = broker.find(name);
      if (topic.isPresent()) {
        return topic.get();
      }
      if (!left.isPositive() || !waiting.await(broker.state().next(), left)) {
        throw new TimeoutException("the topic is away for too long");
      }
    }
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    awaitTopic();
    waiting.travel();
    Topic topic = awaitTopic();
    Map<TopicPartition, Long> ends = new HashMap<>();
    partitions.forEach(partition -> ends.put(partition, topic.end(partition.partition())));
    waiting.travel();
    return ends;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    long deadline = host.threads().nanoTime() + timeout.toNanos();
    // What a poll does not wait for may be there, and yet not here.
    if (timeout.isZero() && broker.chance().odds(0.3)) {
      return ConsumerRecords.empty();
    }
    while (true) {
      Optional<Topic> topic = broker.find(name).filter(_ -> broker.isUp());
      ConsumerRecords<byte[], byte[]> records =
          topic.map(this::read).orElse(ConsumerRecords.empty());
      Duration left = Duration.ofNanos(deadline - host.threads().nanoTime());
      if (!records.isEmpty() || !left.isPositive()) {
        return records;
      }
      News news = topic.map(Topic::news).orElse(broker.state());
      if (waiting.await(news.next(), left)) {
        waiting.travel();
      }
    }
  }

  private ConsumerRecords<byte[], byte[]> read(Topic topic) {
    findBeginnings(topic);
    Map<TopicPartition, Long> lost = new HashMap<>();
    positions.forEach(
        (number, at) -> {
          if (at < topic.start(number) || at > topic.end(number)) {
            lost.put(new TopicPartition(topic.name(), number), at);
          }
        });
    if (!lost.isEmpty()) {
      throw new OffsetOutOfRangeException(lost);
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
    int most = 1 + broker.chance().below(MOST_RECORDS);
    int first = broker.chance().below(topic.partitions());
    for (int i = 0; i < topic.partitions() && most > 0; i++) {
      int number = (first + i) % topic.partitions();
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      long at = positions.get(number);
      for (; at < topic.end(number) && most > 0; at++, most--) {
        Topic.Entry entry = topic.get(number, at);
        records.add(record(topic, entry));
      }
      positions.put(number, at);
      if (!records.isEmpty()) {
        read.put(new TopicPartition(topic.name(), number), records);
      }
    }
    return read.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(read, Map.of());
  }

  private static ConsumerRecord<byte[], byte[]> record(Topic topic, Topic.Entry entry) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            topic.name(), entry.partition(), entry.offset(), entry.key(), entry.value());
    entry.headers().forEach(record.headers()::add);
    return record;
  }

  @Override
  public void close() {
    // Nothing of it is kept anywhere.
  }
}
