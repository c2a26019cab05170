package dev.drpo.runtime.messaging;

import com.google.protobuf.Parser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks at a topic from its first record on, and changes nothing: it joins no group, stores no
 * progress, and makes no dead letter of a record that can't be parsed. Work queues can be looked at
 * like logs. What retention removes before it could be read is counted. One thread uses it.
 */
public final class TopicView<T> implements AutoCloseable {
  private static final Duration ATTEMPT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final String topic;
  private final Messaging messaging;
  private final RecordParser<T> parser;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Map<Integer, Long> next = new HashMap<>();
  private long removed;

  private TopicView(Messaging messaging, String topic, Parser<T> parser) {
    this.topic = topic;
    this.messaging = messaging;
    this.parser = new RecordParser<>(parser);
    Map<String, Object> settings = messaging.clientSettings(topic + ".view");
    settings.put("enable.auto.commit", false);
    settings.put("allow.auto.create.topics", false);
    settings.put("auto.offset.reset", "earliest");
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * A record and where it lies.
   *
   * @param timestampMillis when the broker or the producer says that it was written
   * @param value empty if the record holds no message of the topic
   */
  public record Entry<T>(int partition, long offset, long timestampMillis, Optional<T> value) {}

  /**
   * Opens a topic at its first record.
   *
   * @param patience longest wait for the broker
   * @throws MessagingException if no broker answers in time, or it has no such topic
   */
  public static <T> TopicView<T> open(
      Messaging messaging, String topic, Parser<T> parser, Duration patience)
      throws InterruptedException {
    return open(messaging, topic, parser, Long.MAX_VALUE, patience);
  }

  /**
   * Opens a topic near its end.
   *
   * @param last records of each partition to begin with, at most
   * @param patience longest wait for the broker
   * @throws MessagingException if no broker answers in time, or it has no such topic
   */
  public static <T> TopicView<T> open(
      Messaging messaging, String topic, Parser<T> parser, long last, Duration patience)
      throws InterruptedException {
    TopicView<T> view;
    try {
      view = new TopicView<>(messaging, topic, parser);
    } catch (KafkaException e) {
      throw new MessagingException(
          "the broker at %s can't be reached: %s"
              .formatted(messaging.kafka().bootstrapServers(), reason(e)),
          e);
    }
    try {
      view.assign(last, patience);
      return view;
    } catch (RuntimeException | InterruptedException e) {
      view.close();
      throw e;
    }
  }

  private void assign(long last, Duration patience) throws InterruptedException {
    try {
      List<PartitionInfo> found = consumer.partitionsFor(topic, patience);
      if (found == null || found.isEmpty()) {
        throw new MessagingException(
            "the broker at %s has no topic %s; correct the run's id, or wait for its learner, which creates it"
                .formatted(messaging.kafka().bootstrapServers(), topic));
      }
      found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      consumer.assign(partitions);
      Map<TopicPartition, Long> firsts = consumer.beginningOffsets(partitions, patience);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, patience);
      for (TopicPartition partition : partitions) {
        long first = firsts.get(partition);
        long from = Math.max(first, last > ends.get(partition) ? 0 : ends.get(partition) - last);
        consumer.seek(partition, from);
        removed += last == Long.MAX_VALUE ? first : 0;
        next.put(partition.partition(), from);
      }
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException e) {
      throw new MessagingException(
          "no broker answers at %s within %d s (%s); start it, or correct the address"
              .formatted(messaging.kafka().bootstrapServers(), patience.toSeconds(), reason(e)),
          e);
    }
  }

  /** Reads on, waiting up to the timeout for a first record; none while the broker is away. */
  public List<Entry<T>> poll(Duration timeout) throws InterruptedException {
    List<Entry<T>> entries = new ArrayList<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
        // Offsets of these topics have no gaps but those that removal makes.
        removed += record.offset() - next.put(record.partition(), record.offset() + 1);
        entries.add(
            new Entry<>(record.partition(), record.offset(), record.timestamp(), parse(record)));
      }
      return entries;
    } catch (InterruptException e) {
      throw interrupted(e);
    }
  }

  /**
   * Reads everything up to the end that the topic has now.
   *
   * @throws MessagingException if the broker goes away meanwhile
   */
  public List<Entry<T>> readToEnd() throws InterruptedException {
    List<Entry<T>> entries = new ArrayList<>();
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ATTEMPT);
      long deadline = System.nanoTime() + ATTEMPT.toNanos();
      while (isBefore(ends)) {
        List<Entry<T>> polled = poll(POLL);
        if (!polled.isEmpty()) {
          entries.addAll(polled);
          deadline = System.nanoTime() + ATTEMPT.toNanos();
        } else if (System.nanoTime() > deadline) {
          throw new MessagingException(
              "the broker at %s went away while %s was read; start it again"
                  .formatted(messaging.kafka().bootstrapServers(), topic));
        }
      }
      noteRemoved(ends);
      return entries;
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException e) {
      throw new MessagingException(
          "%s can't be read from the broker at %s: %s"
              .formatted(topic, messaging.kafka().bootstrapServers(), reason(e)),
          e);
    }
  }

  /** Records that were removed from the topic before they could be read, as far as is known. */
  public long removed() {
    return removed;
  }

  private boolean isBefore(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey(), ATTEMPT) < end.getValue());
  }

  /** Removed records at the end of a topic are followed by none that would tell. */
  private void noteRemoved(Map<TopicPartition, Long> ends) {
    ends.forEach(
        (partition, end) -> {
          long unseen = end - next.get(partition.partition());
          if (unseen > 0) {
            removed += unseen;
            next.put(partition.partition(), end);
          }
        });
  }

  private Optional<T> parse(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(parser.parse(record.value()));
    } catch (RecordParser.UnparseableException e) {
      return Optional.empty();
    }
  }

  private static InterruptedException interrupted(InterruptException cause) {
    // It sets the interrupt again, which would break the closing of whatever else is open.
    Thread.interrupted();
    return (InterruptedException) new InterruptedException().initCause(cause);
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_PATIENCE));
  }
}
