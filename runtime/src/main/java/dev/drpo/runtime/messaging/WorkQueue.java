package dev.drpo.runtime.messaging;

import com.google.protobuf.Parser;
import dev.drpo.runtime.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Work that many processes share: every record goes to one of them at a time, as a {@link Lease},
 * and to another if that one dies, gives it back or hangs. Delivery is at least once.
 *
 * <p>Records that can't be parsed, and records that were delivered more than {@code
 * kafka.max-deliveries} times, become dead letters. The broker counts deliveries, and may forget
 * one of a record when all workers of a group die: it drops what it knows of a group with the last
 * connection, perhaps while it still handles the end of another. The queue goes on through outages
 * of the broker. Safe for use by many threads.
 */
public final class WorkQueue<T> implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WorkQueue.class);

  /** Only a broker that is away takes longer, and it delivers nothing meanwhile. */
  private static final Duration MAX_FETCH = Duration.ofSeconds(3);

  /**
   * Lanes that join at once. More would fill a large queue sooner, but a worker's death may cost a
   * record one delivery for every lane that waits for records; few enough wait to leave a record
   * that outlives one death within the usual {@code kafka.max-deliveries}.
   */
  private static final int JOINING = 2;

  private static final Duration ADOPTION = Duration.ofSeconds(2);
  private static final Duration BACKOFF = Duration.ofSeconds(1);

  private final BlockingQueue<Lease<T>> ready = new LinkedBlockingQueue<>();
  private final String topic;
  private final Threads threads;
  private final DeadLetters deadLetters;
  private final List<Lane<T>> lanes;
  private final Room<T> room;
  private final TopicIdentity identity;
  private final Thread starter;
  private volatile boolean outdated;
  private volatile boolean stopped;

  private WorkQueue(
      Messaging messaging,
      String topic,
      String group,
      Parser<T> parser,
      int capacity,
      Room<T> room) {
    this.room = room;
    this.topic = topic;
    threads = messaging.threads();
    deadLetters = new DeadLetters(messaging, topic);
    identity = new TopicIdentity(messaging, topic);
    starter = threads.unstarted(messaging.service() + "." + topic + ".joining", this::start);
    Semaphore joining = new Semaphore(JOINING, true);
    Semaphore turn = new Semaphore(1, true);
    lanes =
        IntStream.range(0, capacity)
            .mapToObj(
                i ->
                    new Lane<>(
                        topic + "." + i,
                        messaging,
                        topic,
                        group,
                        new RecordParser<>(parser),
                        deadLetters,
                        ready,
                        joining,
                        turn,
                        room))
            .toList();
  }

  /**
   * Joins the workers of a topic. Records are fetched and leased ahead of {@link #take}, up to the
   * capacity.
   *
   * @param group share group, one of {@link Topics#rolloutWorkers} and {@link Topics#rewardWorkers}
   * @param capacity leases held at once: as many as the process works on at once, since a record
   *     that waits here could be worked on elsewhere
   */
  public static <T> WorkQueue<T> open(
      Messaging messaging, String topic, String group, Parser<T> parser, int capacity) {
    return open(messaging, topic, group, parser, capacity, Room.unbounded());
  }

  /**
   * Joins the workers of a topic whose records are of various sizes.
   *
   * @param group share group, one of {@link Topics#rolloutWorkers} and {@link Topics#rewardWorkers}
   * @param capacity leases held at once when records are as small as they come
   * @param room what the leases' sizes may add up to before no more are taken; the last of them may
   *     go beyond it
   * @param sizeOf the size of a record
   */
  public static <T> WorkQueue<T> open(
      Messaging messaging,
      String topic,
      String group,
      Parser<T> parser,
      int capacity,
      long room,
      ToLongFunction<T> sizeOf) {
    return open(messaging, topic, group, parser, capacity, Room.of(room, sizeOf));
  }

  private static <T> WorkQueue<T> open(
      Messaging messaging,
      String topic,
      String group,
      Parser<T> parser,
      int capacity,
      Room<T> room) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "the capacity of the work queue " + topic + " is " + capacity + "; it must be 1 or more");
    }
    WorkQueue<T> queue = new WorkQueue<>(messaging, topic, group, parser, capacity, room);
    queue.starter.start();
    return queue;
  }

  /**
   * Takes a record to work on, waiting for one.
   *
   * @return empty if none came within the timeout, or the queue is closed
   */
  public Optional<Lease<T>> take(Duration timeout) throws InterruptedException {
    long deadline = threads.nanoTime() + timeout.toNanos();
    while (!stopped) {
      joinAgainIfLost();
      Lease<T> lease = threads.poll(ready, Duration.ofNanos(deadline - threads.nanoTime()));
      if (lease == null) {
        return Optional.empty();
      }
      if (lease.held()) {
        return Optional.of(lease);
      }
    }
    return Optional.empty();
  }

  /**
   * Has the workers join once it is known which topic they share. If they joined before, another
   * one in its place might be taken for theirs.
   */
  private void start() {
    try {
      while (!identity.adopt(ADOPTION)) {
        threads.sleep(BACKOFF);
      }
      lanes.forEach(Lane::start);
    } catch (InterruptedException e) {
      LOG.debugf("%s closes before its workers have joined", topic);
    }
  }

  /**
   * A broker that has lost its data does not know its groups, of which some clients make a failure
   * that they keep to themselves: they wait for records for ever.
   */
  private void joinAgainIfLost() throws InterruptedException {
    if (starter.isAlive() || !(outdated || identity.look() == TopicIdentity.Finding.OTHER)) {
      return;
    }
    outdated = true;
    if (identity.adopt(ADOPTION)) {
      outdated = false;
      LOG.infof("%s is another topic than it was; its workers join anew", topic);
      lanes.forEach(Lane::joinAgain);
    }
  }

  /**
   * Takes no more records; leases that are held stay so. A worker that is about to give leases back
   * calls it first: while it still fetches, they could come back to it, which counts as a delivery.
   */
  public void stopTaking() throws InterruptedException {
    stopped = true;
    starter.interrupt();
    starter.join();
    lanes.forEach(Lane::stopFetching);
    // After that, since who goes on from there looks whether it shall still fetch.
    room.close();
    long deadline = threads.nanoTime() + MAX_FETCH.toNanos();
    for (Lane<T> lane : lanes) {
      lane.awaitFetched(Duration.ofNanos(deadline - threads.nanoTime()));
    }
  }

  /**
   * Leaves the workers. Leases that are held go back to the broker, which delivers them to others
   * at once; leases settled before are settled on the broker. Closing twice is harmless.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    try {
      stopTaking();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    lanes.forEach(Lane::withdraw);
    for (Lane<T> lane : lanes) {
      try {
        lane.awaitClosed();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    deadLetters.close();
    identity.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
