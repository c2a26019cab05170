package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Host;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.record.TimestampType;

/**
 * Takes one record at a time from a share group, with explicit acknowledgements. What the broker
 * was told may be told in vain, and what it did may not be heard of.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread at a time runs.
final class SimulatedShareConsumer extends MockShareConsumer<byte[], byte[]> {
  private static final Uuid ANY = new Uuid(1, 1);

  private final Host host;
  private final Broker broker;
  private final String group;
  private final Waiting waiting;
  private final News wakeups = new News();
  private ConsumerRecord<byte[], byte[]> acknowledged;
  private AcknowledgeType how;
  private ConsumerRecord<byte[], byte[]> renewed;
  private String topic;
  private Optional<ShareGroup> joined = Optional.empty();
  private boolean failed;
  private boolean woken;
  private boolean fetching;

  SimulatedShareConsumer(Host host, Broker broker, String group) {
    this.host = host;
    this.broker = broker;
    this.group = group;
    this.waiting = new Waiting(host, broker);
    host.atDeath(this::disconnect);
  }

  /** The broker may see a connection end at once, after a last fetch, or never. */
  private void disconnect() {
    if (broker.chance().odds(0.3)) {
      return;
    }
    if (fetching && broker.isUp() && joined.equals(group()) && broker.chance().odds(0.3)) {
      var _ = acquire();
    }
    broker.scheduler().after(broker.latency(), this::leave);
  }

  private Optional<ShareGroup> group() {
    return broker.group(group);
  }

  /**
   * A member joins while it fetches. One whose group the broker has lost fails, and is of no use
   * from then on; now and then it does not even say so, as Kafka's does where its failure comes
   * while it waits.
   */
  private Optional<ShareGroup.Acquired> acquire() {
    if (joined.isPresent() && !joined.equals(group())) {
      if (!failed && broker.chance().odds(0.5)) {
        failed = true;
        throw new GroupIdNotFoundException("the share group " + group + " is not found");
      }
      failed = true;
    }
    return failed ? Optional.empty() : join().flatMap(of -> of.acquire(this));
  }

  private Optional<ShareGroup> join() {
    Optional<ShareGroup> now = group();
    now.ifPresent(
        of -> {
          of.join(this);
          joined = now;
        });
    return now;
  }

  private void leave() {
    group().ifPresent(left -> left.leave(this));
  }

  @Override
  public void subscribe(Collection<String> topics) {
    topic = topics.iterator().next();
    var _ = join();
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    if (renewed != null) {
      ConsumerRecord<byte[], byte[]> back = renewed;
      renewed = null;
      return records(back);
    }
    long deadline = deadline(timeout);
    while (true) {
      if (woken) {
        woken = false;
        throw new WakeupException();
      }
      if (broker.isUp()) {
        fetching = true;
        Optional<ShareGroup.Acquired> acquired = acquire();
        if (acquired.isPresent()) {
          waiting.travel();
          fetching = false;
          return records(record(topic, acquired.get()));
        }
      }
      Duration left = Duration.ofNanos(deadline - host.threads().nanoTime());
      if (!left.isPositive()) {
        fetching = false;
        return ConsumerRecords.empty();
      }
      // A record that was passed over is there without news of it.
      boolean hasWork = !failed && group().filter(ShareGroup::hasWork).isPresent() && broker.isUp();
      News news = group().map(ShareGroup::topic).map(Topic::news).orElse(broker.state());
      waiting.await(
          CompletableFuture.anyOf(news.next(), wakeups.next()),
          hasWork ? Duration.ofMillis(1) : left);
      if (!woken) {
        waiting.travel();
      }
    }
  }

  private long deadline(Duration timeout) {
    long most = Long.MAX_VALUE / 4;
    return host.threads().nanoTime()
        + (timeout.compareTo(Duration.ofNanos(most)) > 0 ? most : timeout.toNanos());
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, ShareGroup.Acquired acquired) {
    Topic.Entry entry = acquired.entry();
    return new ConsumerRecord<>(
        topic,
        entry.partition(),
        entry.offset(),
        ConsumerRecord.NO_TIMESTAMP,
        TimestampType.NO_TIMESTAMP_TYPE,
        entry.key().length,
        entry.value().length,
        entry.key(),
        entry.value(),
        entry.headers(),
        Optional.empty(),
        Optional.of((short) acquired.delivery()));
  }

  private static ConsumerRecords<byte[], byte[]> records(ConsumerRecord<byte[], byte[]> record) {
    return new ConsumerRecords<>(
        Map.of(new TopicPartition(record.topic(), record.partition()), List.of(record)), Map.of());
  }

  @Override
  public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
    if (acknowledged != null) {
      throw new IllegalStateException("one record at a time is held, and acknowledged");
    }
    acknowledged = record;
    how = type;
  }

  @Override
  public Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
    ConsumerRecord<byte[], byte[]> record = acknowledged;
    acknowledged = null;
    TopicIdPartition partition =
        new TopicIdPartition(ANY, new TopicPartition(record.topic(), record.partition()));
    waiting.travel();
    if (!waiting.awaitBroker(timeout)) {
      return Map.of(partition, Optional.of(new TimeoutException("the broker is away")));
    }
    Optional<KafkaException> refusal = settle(record);
    waiting.travel();
    if (refusal.isEmpty() && broker.chance().odds(0.01)) {
      renewed = null;
      return Map.of(partition, Optional.of(new TimeoutException("the answer is lost")));
    }
    return Map.of(partition, refusal);
  }

  private Optional<KafkaException> settle(ConsumerRecord<byte[], byte[]> record) {
    boolean held =
        switch (how) {
          case ACCEPT, REJECT -> holds(of -> of.finish(this, record.offset()));
          case RELEASE -> holds(of -> of.release(this, record.offset()));
          case RENEW -> holds(of -> of.renew(this, record.offset()));
        };
    if (held && how == AcknowledgeType.RENEW) {
      renewed = record;
    }
    // Too late is not always said to be.
    boolean told = how == AcknowledgeType.RENEW || broker.chance().odds(0.5);
    return held || !told
        ? Optional.empty()
        : Optional.of(new InvalidRecordStateException("the record is not leased to this member"));
  }

  private boolean holds(Predicate<ShareGroup> settled) {
    return group().filter(settled).isPresent();
  }

  @Override
  public void wakeup() {
    woken = true;
    wakeups.spread();
  }

  @Override
  public void close(Duration timeout) {
    if (waiting.awaitBroker(timeout)) {
      leave();
    }
  }
}
