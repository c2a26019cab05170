package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class LogHeadTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void aLogBeginsWhereItsHeadWasRemoved() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    run.publishTasks(5);
    String topic = run.messaging().topics().prompts();
    try (LogHead head = LogHead.open(run.messaging())) {
      head.removeBefore(new RecordPosition(topic, 0, 3)).toCompletableFuture().join();
    }
    assertThat(offsets(run, topic, 2)).containsExactly(3L, 4L);
  }

  /** Tasks 0, 1 and 3 are done; 2 and 4 are not when their worker leaves. */
  @Test
  void aQueueLosesWhatItsWorkersAreDoneWithAndNothingElse() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 3600, 5);
    String topic = run.messaging().topics().prompts();
    String workers = run.messaging().topics().rolloutWorkers();
    try (LogHead head = LogHead.open(run.messaging())) {
      // Before there is a worker.
      head.removeDone(topic, workers).toCompletableFuture().join();
      run.publishTasks(5);
      try (WorkQueue<PromptTask> queue = run.openPrompts(4)) {
        for (int i = 0; i < 5; i++) {
          Lease<PromptTask> lease = TestRun.take(queue);
          if (Set.of("task-0", "task-1", "task-3").contains(TestRun.name(lease))) {
            lease.complete();
          }
        }
        Await.until("the head of two", () -> removed(head, run) == 2);
      }
      try (WorkQueue<PromptTask> others = run.openPrompts(2)) {
        List<Lease<PromptTask>> rest = List.of(TestRun.take(others), TestRun.take(others));
        assertThat(rest)
            .extracting(lease -> TestRun.name(lease))
            .containsExactlyInAnyOrder("task-2", "task-4");
        rest.forEach(Lease::complete);
        // The broker notes how far a queue is done when it hears of one record more.
        run.publishTasks(1);
        TestRun.take(others).complete();
        Await.until("the head of five", () -> removed(head, run) == 5);
      }
    }
  }

  /**
   * Removes what is done, which workers tell the broker when they get to it; the log's beginning.
   */
  private static long removed(LogHead head, TestRun run) throws Exception {
    Topics topics = run.messaging().topics();
    head.removeDone(topics.prompts(), topics.rolloutWorkers()).toCompletableFuture().join();
    return first(run, topics.prompts());
  }

  private static long first(TestRun run, String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = Admin.create(run.messaging().clientSettings("test"))) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.earliest()))
          .partitionResult(partition)
          .get(60, TimeUnit.SECONDS)
          .offset();
    }
  }

  private static List<Long> offsets(TestRun run, String topic, int count) throws Exception {
    List<Long> offsets = new ArrayList<>();
    try (RecordLog<PromptTask> log =
        RecordLog.open(run.messaging(), topic, PromptTask.parser(), Map.of(), PATIENCE)) {
      Await.until(
          count + " records",
          () -> {
            log.poll(Duration.ofMillis(100)).forEach(entry -> offsets.add(entry.offset()));
            return offsets.size() >= count;
          });
    }
    return offsets;
  }

  @Test
  void whatTheBrokerRefusesIsSaid() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    try (LogHead head = LogHead.open(run.messaging())) {
      RecordPosition behindTheEnd = new RecordPosition(run.messaging().topics().prompts(), 0, 100);
      assertThatThrownBy(() -> head.removeBefore(behindTheEnd).toCompletableFuture().join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("OffsetOutOfRange");
    }
  }
}
