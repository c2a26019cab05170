package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.PATIENCE;
import static dev.drpo.runtime.messaging.TestRun.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Worker processes that stand still for longer than their leases. */
@Timeout(300)
class HungWorkerTest {
  private static final int LEASE_SECONDS = 2;

  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void aStoppedWorkersTaskGoesToAnotherAndItsLateResultIsTheSecondOfItsIdentity() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), LEASE_SECONDS, 5);
    try (EchoWorker hung = EchoWorker.start(run.messaging());
        QueueBacklog backlog = QueueBacklog.open(run.messaging());
        Publisher publisher = Publisher.open(run.messaging())) {
      publish(publisher, run, EchoWorker.HELD);
      hung.awaitSaid("TOOK held");
      hung.signal("STOP");
      try (WorkQueue<PromptTask> other = run.openPrompts(1)) {
        Lease<PromptTask> again = take(other);
        assertThat(again.delivery()).isEqualTo(2);
        publisher
            .publish(
                run.messaging().topics().rollouts(),
                EchoWorker.HELD,
                RolloutGroup.newBuilder().setId(again.value().getId()).setReplica("other").build())
            .get(60, TimeUnit.SECONDS);
        again.complete();
        Await.until("nothing open", () -> isDone(backlog));
      }
      hung.signal("CONT");
      hung.goOn();
      hung.awaitSaid("DONE held");
      // It has lost its lease, and goes on to work.
      publish(publisher, run, "next");
      hung.awaitSaid("DONE next");
      Await.until("nothing open", () -> isDone(backlog));
    }
    List<RolloutGroup> results = results(run, 3);
    assertThat(results)
        .extracting(group -> group.getId().getPrompt() + " by " + group.getReplica())
        .containsExactly("held by other", "held by echo", "next by echo");
    assertThat(results.get(0).getId()).isEqualTo(results.get(1).getId());
  }

  private static void publish(Publisher publisher, TestRun run, String name) throws Exception {
    publisher.publish(run.prompts(), name, run.task(name)).get(60, TimeUnit.SECONDS);
  }

  private static boolean isDone(QueueBacklog backlog) throws InterruptedException {
    return backlog.prompts().equals(new QueueBacklog.Answer.Open(0));
  }

  private static List<RolloutGroup> results(TestRun run, int count) throws InterruptedException {
    List<RolloutGroup> results = new ArrayList<>();
    try (RecordLog<RolloutGroup> log =
        RecordLog.open(
            run.messaging(),
            run.messaging().topics().rollouts(),
            RolloutGroup.parser(),
            Map.of(),
            PATIENCE)) {
      Await.until(
          count + " results",
          () -> {
            log.poll(Duration.ofMillis(200)).forEach(entry -> results.add(entry.value()));
            return results.size() >= count;
          });
    }
    assertThat(results).hasSize(count);
    return results;
  }
}
