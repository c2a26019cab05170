package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Races;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lanes that fetch, workers that settle, and a queue that closes at any moment, on a share group in
 * memory. Others go on with what was given back, until all is done.
 */
@Timeout(300)
class LaneRacesTest {
  private static final int ROUNDS = Races.usual() / 1000;
  private static final int RECORDS = 12;
  private static final int LANES = 3;
  private static final int WORKERS = 2;

  /** Loops before a queue closes; more than it takes to work off all records. */
  private static final int MOST_SPINS = 200_000;

  private final Random random = new Random(1);

  @Test
  void everyDeliveryIsSettledOnceAndEveryRecordAcceptedOnce() throws Exception {
    int givenBack = 0;
    for (int round = 0; round < ROUNDS; round++) {
      MemoryShareGroup group = new MemoryShareGroup();
      for (int i = 0; i < RECORDS; i++) {
        group.add(task(i).toByteArray());
      }
      Messaging messaging = MemoryClients.messaging(group);
      while (group.accepted() < RECORDS && group.defects().isEmpty()) {
        work(messaging, random.nextInt(MOST_SPINS));
      }
      assertThat(group.defects()).as("round %d", round).isEmpty();
      assertThat(group.leased()).as("round %d", round).isZero();
      givenBack += group.released();
    }
    // Otherwise no queue closed while it held something.
    assertThat(givenBack).isPositive();
  }

  /** A worker process from its start to its end. */
  private static void work(Messaging messaging, int spins) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> workers = new ArrayList<>();
    try (WorkQueue<PromptTask> queue =
        WorkQueue.open(
            messaging,
            messaging.topics().prompts(),
            messaging.topics().rolloutWorkers(),
            PromptTask.parser(),
            LANES)) {
      for (int i = 0; i < WORKERS; i++) {
        workers.add(Thread.ofPlatform().start(() -> complete(queue, failure)));
      }
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
    }
    for (Thread worker : workers) {
      worker.join();
    }
    assertThat(failure.get()).isNull();
  }

  /** Works until the queue closes, which an empty take tells. */
  private static void complete(WorkQueue<PromptTask> queue, AtomicReference<Throwable> failure) {
    try {
      Optional<Lease<PromptTask>> lease = queue.take(Duration.ofMillis(50));
      while (lease.isPresent()) {
        lease.get().complete();
        lease = queue.take(Duration.ofMillis(50));
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private static PromptTask task(int number) {
    return PromptTask.newBuilder()
        .setId(GroupId.newBuilder().setRun("races").setPrompt("task-" + number))
        .build();
  }
}
