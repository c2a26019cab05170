package dev.drpo.rollout.weights;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Messaging;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Follows the log of weights by the product's reader and its bookkeeping of what was taken back,
 * without the weights themselves: what {@link WeightFollower} transfers takes time here, and that
 * is all.
 */
public final class SimulatedFollower {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Messaging messaging;
  private final Supplier<Duration> transfer;
  private final Consumer<PolicyVersion> engine;
  private final TakenBackSteps takenBack = new TakenBackSteps();
  private PolicyVersion newest;
  private PolicyVersion offered;

  /**
   * Begins to follow when it is run.
   *
   * @param transfer how long the weights take
   * @param engine takes a version whose weights have arrived
   */
  public SimulatedFollower(
      Messaging messaging, Supplier<Duration> transfer, Consumer<PolicyVersion> engine) {
    this.messaging = messaging;
    this.transfer = transfer;
    this.engine = engine;
  }

  /** Watches a step, as {@link WeightFollower#takenBack} does. */
  public CompletableFuture<Long> takenBack(long step) {
    return takenBack.watch(step);
  }

  /** Follows until the process ends. */
  public void run() {
    try {
      while (true) {
        follow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() throws InterruptedException {
    try (WeightLog log = KafkaWeightLog.open(messaging)) {
      takenBack.reopened();
      while (true) {
        log.poll(POLL).forEach(this::read);
        takenBack.tell(log);
        if (log.replayed() && newest != null && !newest.equals(offered)) {
          catchUp(log);
        }
      }
    } catch (RuntimeException e) {
      // As the follower does, whatever became of the log.
      messaging.threads().sleep(PAUSE);
    }
  }

  private void read(WeightRecord record) {
    newest = PolicyRecords.version(record.getAnnouncement().getVersion());
    takenBack.announced(newest.step());
  }

  /** What was announced during a transfer is read before the engine is bothered. */
  private void catchUp(WeightLog log) throws InterruptedException {
    PolicyVersion fetched = newest;
    messaging.threads().sleep(transfer.get());
    log.poll(Duration.ZERO).forEach(this::read);
    if (fetched.equals(newest)) {
      offered = fetched;
      engine.accept(fetched);
    }
  }
}
