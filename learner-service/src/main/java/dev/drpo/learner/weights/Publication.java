package dev.drpo.learner.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.RecordPosition;
import dev.drpo.runtime.process.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jboss.logging.Logger;

/**
 * Publishes one version after another on a thread of its own, beside the learner's next step. One
 * publication at a time is under way: who hands over the next waits for it, and for a copy of the
 * weights in memory, but for no disk.
 *
 * <p>The log is kept as short as the versions that can be fetched: whatever comes before the oldest
 * of them leads to nothing that a replica could still get, and is removed from the broker.
 *
 * <p>The learner's thread calls everything.
 */
public final class Publication implements PublishedVersions, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Publication.class);
  private static final long CLOSE_SECONDS = 60;

  private final SnapshotStore policies;
  private final WeightLogWriter log;
  private final LogHead head;
  private final BiConsumer<PolicyVersion, PublicationCost> published;
  private final CopiedWeights copy;
  private final ExecutorService thread;
  private Future<PolicyVersion> last;

  // Only the publication's thread uses these.
  private final TreeMap<Long, RecordPosition> firstRecords = new TreeMap<>();
  private Optional<Snapshot> previous = Optional.empty();

  private final AtomicBoolean toldOfHead = new AtomicBoolean();

  /**
   * Starts with the policy that the run starts or resumes from.
   *
   * @param policies the versions to publish
   * @param log where they go
   * @param head removes its oldest records
   * @param published hears, on the publication's thread, of each version that is out, and what that
   *     took
   * @param starting held by the store already
   * @param copy what weights lie in until they are written; this closes it
   * @param threads of this process
   */
  public Publication(
      SnapshotStore policies,
      WeightLogWriter log,
      LogHead head,
      BiConsumer<PolicyVersion, PublicationCost> published,
      Snapshot starting,
      CopiedWeights copy,
      Threads threads) {
    this.policies = policies;
    this.log = log;
    this.head = head;
    this.published = published;
    this.copy = copy;
    this.thread = threads.executor("weight-publication");
    this.last = thread.submit(() -> publish(starting));
  }

  /**
   * Starts to publish the weights in training, after the version before is out. They are copied
   * before this returns, so that training may go on. If they can't be written, as on a full disk,
   * earlier versions stay.
   *
   * @param step training steps that made them
   * @throws RuntimeException why the one before could not be published, see {@link #await}
   */
  public void publish(long step) throws InterruptedException {
    await();
    copy.take();
    last = thread.submit(() -> publish(policies.add(step, policies.write(step, copy))));
  }

  @Override
  public boolean knows(PolicyVersion version) {
    return policies.knows(version);
  }

  /**
   * Waits until the newest version is out; gives it.
   *
   * @throws dev.drpo.runtime.messaging.MessagingException if the broker did not take it
   * @throws UncheckedIOException if its files could not be read or written
   */
  @Override
  public PolicyVersion await() throws InterruptedException {
    try {
      return last.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  @Override
  public void onceOut(Work work) {
    Future<PolicyVersion> newest = last;
    last =
        thread.submit(
            () -> {
              PolicyVersion version = newest.get();
              work.run();
              return version;
            });
  }

  /**
   * Announces the newest version once more, after the one under way is out. To be called when the
   * broker has lost the log: replicas that start find the weights by it.
   */
  public void announceAgain() {
    Future<PolicyVersion> newest = last;
    last =
        thread.submit(
            () -> {
              PolicyVersion version = newest.get();
              // Positions in the log that was lost mean nothing in this one.
              firstRecords.clear();
              firstRecords.put(version.step(), log.announceAgain(previous.orElseThrow()));
              return version;
            });
  }

  /** Throws what {@link #await} would throw if the newest publication has failed. */
  public void requireWorking() {
    if (last.state() == Future.State.FAILED) {
      throw failure(last.exceptionNow());
    }
  }

  private static RuntimeException failure(Throwable cause) {
    return switch (cause) {
      case ExecutionException e when e.getCause() != null -> failure(e.getCause());
      case IOException e -> new UncheckedIOException(e);
      case RuntimeException e -> e;
      default -> new IllegalStateException("the weights can't be published: " + cause, cause);
    };
  }

  private PolicyVersion publish(Snapshot snapshot)
      throws IOException, ExecutionException, InterruptedException {
    WeightLogWriter.Appended appended =
        log.append(previous, snapshot, policies.patchFile(snapshot.version().step()));
    firstRecords.put(snapshot.version().step(), appended.first());
    previous = Optional.of(snapshot);
    published.accept(snapshot.version(), appended.cost());
    removeHead();
    return snapshot.version();
  }

  private void removeHead() {
    firstRecords.headMap(policies.oldestStep()).clear();
    var _ =
        head.removeBefore(firstRecords.firstEntry().getValue())
            .whenComplete(
                (_, failure) -> {
                  if (failure != null
                      && !isOfLostLog(failure)
                      && toldOfHead.compareAndSet(false, true)) {
                    LOG.warnf(
                        "the oldest records of the weight log can't be removed, so that it grows:"
                            + " %s; allow this user to delete records of the topic, or set its"
                            + " retention.bytes",
                        failure.getMessage());
                  }
                });
  }

  /** A log that was lost has no record at a position that it had before. */
  private static boolean isOfLostLog(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof OffsetOutOfRangeException
        || cause instanceof UnknownTopicOrPartitionException;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      // It reads mapped files and the copy, which must not go away under it.
      if (thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        copy.close();
      } else {
        LOG.warn("the publication of weights does not end");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
