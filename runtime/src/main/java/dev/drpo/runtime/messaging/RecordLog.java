package dev.drpo.runtime.messaging;

import com.google.protobuf.Parser;
import dev.drpo.runtime.tracing.TraceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Reads a topic in the order of each partition, from positions that the reader keeps. The broker
 * stores no progress. Records that can't be parsed become dead letters and are skipped. A topic
 * that the broker has lost is noticed, as is one that took its place. Calls from several threads
 * wait for each other.
 */
public final class RecordLog<T> implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RecordLog.class);
  private static final Duration ATTEMPT = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration DEAD_LETTER_PATIENCE = Duration.ofSeconds(30);

  private final String topic;
  private final Messaging messaging;
  private final RecordParser<T> parser;
  private final Function<T, Optional<String>> defects;
  private final Consumer<byte[], byte[]> consumer;
  private final DeadLetters deadLetters;
  private final TopicIdentity identity;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private boolean isBehindLoss;

  private RecordLog(
      Messaging messaging, String topic, Parser<T> parser, Function<T, Optional<String>> defects) {
    this.topic = topic;
    this.messaging = messaging;
    this.parser = new RecordParser<>(parser);
    this.defects = defects;
    Map<String, Object> settings = messaging.clientSettings(topic);
    settings.put("enable.auto.commit", false);
    settings.put("allow.auto.create.topics", false);
    // A position that the topic no longer has is an error for the reader, never a silent jump.
    settings.put("auto.offset.reset", "none");
    this.consumer = messaging.clients().consumer(settings);
    this.deadLetters = new DeadLetters(messaging, topic);
    this.identity = new TopicIdentity(messaging, topic);
  }

  /** A record, where it lies, and where it stands in a trace. */
  public record Entry<T>(int partition, long offset, T value, TraceContext trace) {
    /** Of no trace. */
    public Entry(int partition, long offset, T value) {
      this(partition, offset, value, TraceContext.NONE);
    }
  }

  /**
   * Opens a topic, waiting up to {@code patience} for it to exist.
   *
   * @param positions offset of the next record to read, by partition; the rest from their
   *     beginning, as are partitions that do not reach as far, or begin later
   * @throws MessagingException if the topic does not exist in time or lacks one of the partitions
   */
  public static <T> RecordLog<T> open(
      Messaging messaging,
      String topic,
      Parser<T> parser,
      Map<Integer, Long> positions,
      Duration patience)
      throws InterruptedException {
    return open(messaging, topic, parser, _ -> Optional.empty(), positions, patience);
  }

  /**
   * Opens a topic whose records may have defects. Such a record becomes a dead letter, as one does
   * that can't be parsed.
   *
   * @param defects what is wrong with a record, if anything is
   */
  public static <T> RecordLog<T> open(
      Messaging messaging,
      String topic,
      Parser<T> parser,
      Function<T, Optional<String>> defects,
      Map<Integer, Long> positions,
      Duration patience)
      throws InterruptedException {
    RecordLog<T> log = new RecordLog<>(messaging, topic, parser, defects);
    try {
      log.seek(positions, patience);
      return log;
    } catch (RuntimeException | InterruptedException e) {
      log.close();
      throw e;
    }
  }

  /**
   * Reads on, waiting up to the timeout for a first record; none while the broker has lost the
   * topic.
   *
   * @throws LostLogException if the topic no longer has the records at the position, or is another
   *     one; {@link #startOver} reads on
   */
  public synchronized List<Entry<T>> poll(Duration timeout) throws InterruptedException {
    List<Entry<T>> entries = new ArrayList<>();
    switch (identity.look()) {
      case SAME -> {}
      case GONE -> {
        // Its consumer would ask again and again, without a pause.
        messaging.threads().sleep(PAUSE.compareTo(timeout) < 0 ? PAUSE : timeout);
        return entries;
      }
      case OTHER ->
          throw new LostLogException(
              "the topic %s at %s is another one than it was: the broker lost its data, or somebody deleted the topic"
                  .formatted(topic, messaging.kafka().bootstrapServers()));
    }
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
        parse(record).ifPresent(entries::add);
      }
    } catch (OffsetOutOfRangeException e) {
      throw new LostLogException(
          "the topic %s at %s has no records at %s: the broker lost its data, or they were removed"
              .formatted(
                  topic, messaging.kafka().bootstrapServers(), e.offsetOutOfRangePartitions()),
          e);
    } catch (InterruptException e) {
      // It sets the interrupt again, which would break the closing of whatever else is open.
      Thread.interrupted();
      throw (InterruptedException) new InterruptedException().initCause(e);
    }
    return entries;
  }

  /**
   * Reads on at the beginning of the topic that there is now.
   *
   * @param patience longest wait for it to exist
   * @throws MessagingException if it does not exist in time
   */
  public synchronized void startOver(Duration patience) throws InterruptedException {
    isBehindLoss = true;
    partitions.clear();
    seek(Map.of(), patience);
  }

  /** Whether records before the positions that were asked for, or read since, are gone. */
  public synchronized boolean isBehindLoss() {
    return isBehindLoss;
  }

  /**
   * Offset of the next record to read, by partition: what a checkpoint stores after its entries.
   */
  public synchronized Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    partitions.forEach(p -> positions.put(p.partition(), consumer.position(p)));
    return positions;
  }

  /** Offset after the last record that the broker has at the moment, by partition. */
  public synchronized Map<Integer, Long> endOffsets() {
    Map<Integer, Long> ends = new TreeMap<>();
    consumer.endOffsets(partitions).forEach((p, offset) -> ends.put(p.partition(), offset));
    return ends;
  }

  @Override
  public synchronized void close() {
    consumer.close();
    deadLetters.close();
    identity.close();
  }

  private synchronized void seek(Map<Integer, Long> positions, Duration patience)
      throws InterruptedException {
    for (PartitionInfo partition : awaitTopic(patience)) {
      partitions.add(new TopicPartition(topic, partition.partition()));
    }
    for (int partition : positions.keySet()) {
      if (!partitions.contains(new TopicPartition(topic, partition))) {
        throw new MessagingException(
            "the topic %s at %s has %d partitions, but the checkpoint stores an offset of partition %d; resume on the broker that the checkpoint belongs to"
                .formatted(
                    topic, messaging.kafka().bootstrapServers(), partitions.size(), partition));
      }
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    identity.adopt(ATTEMPT);
    if (!positions.isEmpty()) {
      Map<Integer, Long> ends = endOffsets();
      Map<Integer, Long> beginnings = positions();
      positions.forEach(
          (partition, position) ->
              seek(partition, position, beginnings.get(partition), ends.get(partition)));
    }
  }

  private void seek(int partition, long position, long beginning, long end) {
    if (position >= beginning && position <= end) {
      consumer.seek(new TopicPartition(topic, partition), position);
      return;
    }
    isBehindLoss = true;
    LOG.warnf(
        "%s-%d at %s holds offsets from %d to %d, and is to be read from %d on: the broker lost its"
            + " data, or records were removed. It is read from its beginning",
        topic, partition, messaging.kafka().bootstrapServers(), beginning, end, position);
  }

  private List<PartitionInfo> awaitTopic(Duration patience) throws InterruptedException {
    long deadline = messaging.threads().nanoTime() + patience.toNanos();
    boolean told = false;
    while (true) {
      List<PartitionInfo> found = findPartitions();
      if (!found.isEmpty()) {
        return found;
      }
      if (messaging.threads().nanoTime() >= deadline) {
        throw new MessagingException(
            "the topic %s did not appear at %s within %s; start the broker, and the learner of the run, which creates its topics"
                .formatted(topic, messaging.kafka().bootstrapServers(), patience));
      }
      if (!told) {
        LOG.infof(
            "waiting up to %s for the topic %s at %s",
            patience, topic, messaging.kafka().bootstrapServers());
        told = true;
      }
      messaging.threads().sleep(PAUSE);
    }
  }

  /** The topic's partitions, or none as long as the broker does not know it. */
  private List<PartitionInfo> findPartitions() {
    try {
      List<PartitionInfo> found = consumer.partitionsFor(topic, ATTEMPT);
      return found == null ? List.of() : found;
    } catch (RetriableException e) {
      LOG.debugf(e, "the topic %s is not there yet", topic);
      return List.of();
    }
  }

  private Optional<Entry<T>> parse(ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    T value;
    try {
      value = parser.parse(record.value());
    } catch (RecordParser.UnparseableException e) {
      bury(record, Optional.empty(), e.getMessage());
      return Optional.empty();
    }
    Optional<String> defect = defects.apply(value);
    if (defect.isPresent()) {
      bury(record, Optional.of(value), defect.get());
      return Optional.empty();
    }
    return Optional.of(
        new Entry<>(record.partition(), record.offset(), value, TraceHeader.of(record.headers())));
  }

  private void bury(ConsumerRecord<byte[], byte[]> record, Optional<T> parsed, String reason)
      throws InterruptedException {
    // Passed over without a letter, it would be lost in silence.
    while (!deadLetters.bury(record, parsed, reason, DEAD_LETTER_PATIENCE)) {
      LOG.debugf("%s-%d@%d is held", topic, record.partition(), record.offset());
    }
  }
}
