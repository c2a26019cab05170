package dev.drpo.runtime.messaging;

import dev.drpo.runtime.process.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * One share consumer, its thread, and the one record that it may hold.
 *
 * <p>A lane holds a single record because the consumer delivers nothing new while it renews
 * anything: a renewed record must come back from a poll before it can be acknowledged, and a poll
 * that brings renewed records back brings no others. A queue that holds several leases therefore
 * has several lanes.
 *
 * <p>Lanes of one queue fetch in turn. The broker counts a delivery whenever a fetch acquires a
 * record, even if its worker dies or closes before it sees the record; were all lanes of a dying
 * worker to wait for records, one death could hand a record from lane to lane and use up all its
 * deliveries. A topic must have one partition for that, since the broker may give each lane a
 * different one. Consumers join their group while they poll, which takes a heartbeat or two; so as
 * not to hold up the others meanwhile, a lane's first fetch waits for another permit than later
 * ones.
 */
final class Lane<T> implements Runnable {
  private static final Logger LOG = Logger.getLogger(Lane.class);

  /**
   * A poll for new records waits until one comes. A poll that gave up while its fetch is under way
   * would let the next one fetch a second record, which would stay leased in the client's buffer
   * without being renewed.
   */
  private static final Duration UNTIL_A_RECORD_COMES = Duration.ofDays(365);

  /** A renewed record is there already. */
  private static final Duration RENEWED_POLL = Duration.ofSeconds(1);

  private static final Duration BACKOFF = Duration.ofSeconds(1);

  /** Bounds how long an outage of the broker holds up a worker that closes. */
  private static final Duration MAX_ACKNOWLEDGEMENT = Duration.ofSeconds(10);

  private static final Duration MAX_RENEWAL = Duration.ofSeconds(60);

  private final String name;
  private final Messaging messaging;
  private final String topic;
  private final String group;
  private final RecordParser<T> parser;
  private final DeadLetters deadLetters;
  private final BlockingQueue<Lease<T>> ready;
  private final Semaphore joining;
  private final Semaphore turn;
  private final Room<T> room;
  private final Duration acknowledgeWithin;
  private final Duration renewEvery;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final CompletableFuture<Void> fetched = new CompletableFuture<>();
  private volatile boolean withdrawn;
  private volatile boolean outdated;
  private final Threads threads;
  private final Thread thread;
  private volatile Lease<T> current;
  private volatile ShareConsumer<byte[], byte[]> polling;

  Lane(
      String name,
      Messaging messaging,
      String topic,
      String group,
      RecordParser<T> parser,
      DeadLetters deadLetters,
      BlockingQueue<Lease<T>> ready,
      Semaphore joining,
      Semaphore turn,
      Room<T> room) {
    this.name = name;
    this.messaging = messaging;
    this.topic = topic;
    this.group = group;
    this.parser = parser;
    this.deadLetters = deadLetters;
    this.ready = ready;
    this.joining = joining;
    this.turn = turn;
    this.room = room;
    Duration leaseTime = Duration.ofSeconds(messaging.kafka().leaseSeconds());
    this.renewEvery = min(leaseTime.dividedBy(3), MAX_RENEWAL);
    this.acknowledgeWithin = min(leaseTime, MAX_ACKNOWLEDGEMENT);
    this.threads = messaging.threads();
    this.thread = threads.unstarted(messaging.service() + "." + name, this);
  }

  void start() {
    thread.start();
  }

  /** Fetches nothing more. A record that is held stays leased. */
  void stopFetching() {
    closing.complete(null);
    if (current != null || thread.getState() == Thread.State.NEW) {
      fetched.complete(null);
    }
    ShareConsumer<byte[], byte[]> waiting = polling;
    if (waiting != null) {
      waiting.wakeup();
    }
  }

  /** Has this and later fetches use another consumer. A record that is held stays leased. */
  void joinAgain() {
    outdated = true;
    ShareConsumer<byte[], byte[]> waiting = polling;
    if (waiting != null) {
      waiting.wakeup();
    }
  }

  /** Waits for the end of a fetch under way, after which the lane holds a record or has ended. */
  void awaitFetched(Duration patience) throws InterruptedException {
    if (!await(fetched, patience)) {
      LOG.debugf("%s does not get away from the broker in time", name);
    }
  }

  /** Waits for a while for something to happen; tells whether it has. */
  private boolean await(CompletableFuture<Void> event, Duration patience)
      throws InterruptedException {
    try {
      threads.get(event, patience);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a lane's events complete normally", e);
    }
  }

  /** Gives a held record back to the broker. To be called after {@link #stopFetching}. */
  void withdraw() {
    withdrawn = true;
    Lease<T> held = current;
    if (held != null) {
      held.withdraw();
    }
  }

  void awaitClosed() throws InterruptedException {
    thread.join();
  }

  @Override
  public void run() {
    try {
      while (!isClosing()) {
        try {
          workWithNewConsumer();
        } catch (WakeupException e) {
          LOG.debugf("%s leaves its consumer", name);
        } catch (RuntimeException e) {
          LOG.warnf(e, "%s lost its consumer and opens another", name);
          await(closing, BACKOFF);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      fetched.complete(null);
    }
  }

  private boolean isClosing() {
    return closing.isDone();
  }

  private ShareConsumer<byte[], byte[]> open() {
    Map<String, Object> settings = messaging.clientSettings(name);
    settings.put("group.id", group);
    settings.put("share.acknowledgement.mode", "explicit");
    // The default mode acquires whole batches of a producer, far above max.poll.records.
    settings.put("share.acquire.mode", "record_limit");
    settings.put("max.poll.records", 1);
    // Waiting for its turn, a lane may go without a poll for as long as no work comes.
    settings.put("max.poll.interval.ms", Integer.MAX_VALUE);
    // The client warns of less.
    settings.put("connections.max.idle.ms", Integer.MAX_VALUE);
    return messaging.clients().shareConsumer(settings);
  }

  private void workWithNewConsumer() throws InterruptedException {
    outdated = false;
    ShareConsumer<byte[], byte[]> consumer = open();
    try {
      consumer.subscribe(List.of(topic));
      work(consumer);
    } finally {
      polling = null;
      consumer.close(MAX_ACKNOWLEDGEMENT);
    }
  }

  private void work(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    for (Semaphore permit = joining; !isClosing(); permit = turn) {
      for (Fetched<T> fetched : fetch(consumer, permit)) {
        admit(consumer, fetched);
      }
    }
  }

  /**
   * A record that this lane has.
   *
   * @param value what it holds; empty if it can't be parsed
   * @param defect why it can't be parsed
   */
  private record Fetched<T>(
      ConsumerRecord<byte[], byte[]> record, Optional<T> value, String defect) {}

  /** The next records, which are in the room from now on; none if the lane closes. */
  private List<Fetched<T>> fetch(ShareConsumer<byte[], byte[]> consumer, Semaphore permit)
      throws InterruptedException {
    permit.acquire();
    try {
      room.await();
      // Set before the check, so that a queue that closes after it wakes the poll.
      polling = consumer;
      List<Fetched<T>> fetched = new ArrayList<>();
      if (outdated) {
        throw new WakeupException();
      }
      if (!isClosing()) {
        consumer.poll(UNTIL_A_RECORD_COMES).forEach(record -> fetched.add(parse(record)));
      }
      fetched.forEach(record -> record.value().ifPresent(room::enter));
      return fetched;
    } finally {
      polling = null;
      permit.release();
    }
  }

  private Fetched<T> parse(ConsumerRecord<byte[], byte[]> record) {
    try {
      return new Fetched<>(record, Optional.of(parser.parse(record.value())), "");
    } catch (RecordParser.UnparseableException e) {
      return new Fetched<>(record, Optional.empty(), e.getMessage());
    }
  }

  private void admit(ShareConsumer<byte[], byte[]> consumer, Fetched<T> fetched)
      throws InterruptedException {
    if (fetched.value().isEmpty()) {
      bury(consumer, fetched.record(), Optional.empty(), fetched.defect());
      return;
    }
    try {
      admit(consumer, fetched.record(), fetched.value().get());
    } finally {
      room.leave(fetched.value().get());
    }
  }

  private void admit(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record, T value)
      throws InterruptedException {
    int delivery = record.deliveryCount().orElse((short) 1);
    int limit = messaging.kafka().maxDeliveries();
    if (delivery > limit) {
      bury(
          consumer,
          record,
          Optional.of(value),
          "it was delivered %d times without a result; kafka.max-deliveries is %d"
              .formatted(delivery - 1, limit));
      return;
    }
    hold(consumer, record, new Lease<>(value, delivery, TraceHeader.of(record.headers())));
  }

  private void hold(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record, Lease<T> lease)
      throws InterruptedException {
    current = lease;
    ready.add(lease);
    // A queue that began to close before it could see the lease relies on these.
    if (isClosing()) {
      fetched.complete(null);
    }
    if (withdrawn) {
      lease.withdraw();
    }
    try {
      Optional<Settlement> settlement = lease.await(threads, renewEvery);
      while (settlement.isEmpty() && renew(consumer, record)) {
        settlement = lease.await(threads, renewEvery);
      }
      if (settlement.isPresent()) {
        settle(consumer, record, lease, settlement.get());
      }
    } finally {
      // However the hold ended: a lease that is not settled by now is lost.
      current = null;
      lease.withdraw();
      ready.remove(lease);
    }
  }

  private void settle(
      ShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> record,
      Lease<T> lease,
      Settlement settlement)
      throws InterruptedException {
    switch (settlement) {
      case Settlement.Complete() -> acknowledge(consumer, record, AcknowledgeType.ACCEPT);
      case Settlement.Release(), Settlement.Withdrawn() ->
          acknowledge(consumer, record, AcknowledgeType.RELEASE);
      case Settlement.Reject(String reason) ->
          bury(consumer, record, Optional.of(lease.value()), reason);
    }
  }

  /** Keeps the record until it is safe among the dead letters. */
  private void bury(
      ShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> record,
      Optional<T> parsed,
      String reason)
      throws InterruptedException {
    while (!deadLetters.bury(record, parsed, reason, renewEvery)) {
      if (isClosing()) {
        acknowledge(consumer, record, AcknowledgeType.RELEASE);
        return;
      }
      if (!renew(consumer, record)) {
        return;
      }
    }
    acknowledge(consumer, record, AcknowledgeType.REJECT);
  }

  /** Extends the lease by its whole time from now. Returns false if the record is lost. */
  private boolean renew(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
    if (!acknowledge(consumer, record, AcknowledgeType.RENEW)) {
      return false;
    }
    // Only what a poll brings back can be acknowledged again.
    boolean back = false;
    for (ConsumerRecord<byte[], byte[]> polled : consumer.poll(RENEWED_POLL)) {
      if (polled.partition() == record.partition() && polled.offset() == record.offset()) {
        back = true;
      } else {
        acknowledge(consumer, polled, AcknowledgeType.RELEASE);
      }
    }
    return back;
  }

  /** Returns false if the broker does not confirm, for which it need not be at fault: too late. */
  private boolean acknowledge(
      ShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> record,
      AcknowledgeType type) {
    consumer.acknowledge(record, type);
    Optional<KafkaException> failure =
        consumer.commitSync(acknowledgeWithin).values().stream()
            .flatMap(Optional::stream)
            .findFirst();
    failure.ifPresent(
        e ->
            LOG.warnf(
                "%s lost its lease of %s-%d@%d before it could %s it; the broker delivers it again: %s",
                name, record.topic(), record.partition(), record.offset(), type, e.toString()));
    return failure.isEmpty();
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
