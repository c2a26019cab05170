package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that comes back without its data, and the clients that were there before. */
@Timeout(240)
class LostDataTest {
  private static final Duration POLL = Duration.ofMillis(200);

  @TempDir Path before;
  @TempDir Path after;

  @Test
  void topicsThatABrokerHasLostAreToldCreatedAgainAndReadFromTheBeginning() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(before, 0);
    String address = broker.bootstrapServers();
    try {
      TestRun run = TestRun.provision(address, 5, 10);
      try (TopicKeeper keeper = TopicKeeper.start(run.messaging());
          BrokerProbe probe = BrokerProbe.open(run.messaging());
          Publisher publisher = Publisher.open(run.messaging());
          WorkQueue<PromptTask> queue = run.openPrompts(2);
          RecordLog<PromptTask> log =
              RecordLog.open(
                  run.messaging(),
                  run.prompts(),
                  PromptTask.parser(),
                  Map.of(),
                  TestRun.PATIENCE)) {
        publish(publisher, run, "before-0");
        publish(publisher, run, "before-1");
        TestRun.take(queue).complete();
        Lease<PromptTask> held = TestRun.take(queue);
        assertThat(read(log, 2)).containsExactly("before-0", "before-1");
        assertThat(probe.obstacle(TestRun.PATIENCE)).isEmpty();

        broker.close();
        broker = EmbeddedBroker.start(after, port(address));

        String lost = "the broker at " + address + " lost the run's topics: it has no";
        Await.until(
            "the loss is told",
            () ->
                probe
                    .obstacle(TestRun.PATIENCE)
                    .filter(told -> told.startsWith(lost) && told.contains(run.prompts()))
                    .isPresent());
        Await.until("the topics are there again", () -> keeper.losses() == 1);
        assertThat(probe.obstacle(TestRun.PATIENCE)).isEmpty();

        // As long as what was read, so that offsets alone would not give the other topic away.
        publish(publisher, run, "after-0");
        publish(publisher, run, "after-1");
        assertThatThrownBy(() -> read(log, 1))
            .isInstanceOf(LostLogException.class)
            .hasMessageContaining(run.prompts())
            .hasMessageContaining("is another one than it was");
        log.startOver(TestRun.PATIENCE);
        assertThat(read(log, 2)).containsExactly("after-0", "after-1");
        held.complete();
        List<String> worked = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          Lease<PromptTask> lease = TestRun.take(queue);
          worked.add(TestRun.name(lease));
          lease.complete();
        }
        assertThat(worked).containsExactlyInAnyOrder("after-0", "after-1");
      }
    } finally {
      broker.close();
    }
  }

  private static void publish(Publisher publisher, TestRun run, String name) throws Exception {
    publisher.publish(run.prompts(), name, run.task(name)).get(90, TimeUnit.SECONDS);
  }

  private static List<String> read(RecordLog<PromptTask> log, int count) {
    List<String> names = new ArrayList<>();
    Await.until(
        count + " records",
        () -> {
          log.poll(POLL).forEach(entry -> names.add(entry.value().getId().getPrompt()));
          return names.size() >= count;
        });
    return names;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }
}
