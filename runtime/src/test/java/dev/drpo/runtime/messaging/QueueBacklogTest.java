package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class QueueBacklogTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void recordsCountUntilTheyAreSettledWhoeverHasThem() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    try (QueueBacklog backlog = QueueBacklog.open(run.messaging())) {
      assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(0));
      run.publishTasks(3);
      assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(3));
      List<Lease<PromptTask>> leases = new ArrayList<>();
      try (WorkQueue<PromptTask> queue = run.openPrompts(3)) {
        for (int i = 0; i < 3; i++) {
          leases.add(take(queue));
        }
        assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(3));
        leases.get(0).release();
        Lease<PromptTask> again = take(queue);
        assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(3));
        again.complete();
        leases.get(2).complete();
        Await.until("one record", () -> open(backlog) == 1);
        leases.get(1).reject("for the test");
        Await.until("no record", () -> open(backlog) == 0);
      }
      assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(0));
      assertThat(backlog.rollouts()).isEqualTo(new QueueBacklog.Answer.Open(0));
    }
  }

  @Test
  void recordsThatSomebodyRemovedAreOpenNoMore() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    run.publishTasks(3);
    try (QueueBacklog backlog = QueueBacklog.open(run.messaging());
        LogHead head = LogHead.open(run.messaging())) {
      head.removeBefore(new RecordPosition(run.prompts(), 0, 2)).toCompletableFuture().join();
      assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(1));
      head.removeBefore(new RecordPosition(run.prompts(), 0, 3)).toCompletableFuture().join();
      assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Open(0));
    }
  }

  @Test
  void aTopicThatIsNotThereIsNoBacklog() throws Exception {
    TestRun run = TestRun.named("unprovisioned", "tester", broker.bootstrapServers(), 30, 5);
    try (QueueBacklog backlog = QueueBacklog.open(run.messaging())) {
      assertThat(backlog.prompts()).isEqualTo(new QueueBacklog.Answer.Away());
    }
  }

  private static long open(QueueBacklog backlog) throws InterruptedException {
    return backlog.prompts() instanceof QueueBacklog.Answer.Open(long records) ? records : -1;
  }
}
