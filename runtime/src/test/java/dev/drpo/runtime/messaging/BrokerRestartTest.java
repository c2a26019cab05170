package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class BrokerRestartTest {
  private static final int TASKS = 10;

  @TempDir Path directory;

  @Test
  void aRestartOfTheBrokerLosesNoRecord() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
    String address = broker.bootstrapServers();
    try {
      TestRun run = TestRun.provision(address, 2, 10);
      run.publishTasks(TASKS / 2);
      try (WorkQueue<PromptTask> queue = run.openPrompts(2);
          Publisher publisher = Publisher.open(run.messaging());
          BrokerProbe probe = BrokerProbe.open(run.messaging())) {
        Set<String> done = new TreeSet<>();
        Lease<PromptTask> finished = TestRun.take(queue);
        done.add(TestRun.name(finished));
        finished.complete();
        Lease<PromptTask> underWay = TestRun.take(queue);
        assertThat(probe.obstacle(TestRun.PATIENCE)).isEmpty();

        broker.close();
        assertThat(probe.obstacle(Duration.ofSeconds(1)).orElseThrow())
            .contains("no broker answers at " + address);
        broker = EmbeddedBroker.start(directory, port(address));

        assertThat(probe.obstacle(TestRun.PATIENCE)).isEmpty();
        underWay.complete();
        for (int i = TASKS / 2; i < TASKS; i++) {
          PromptTask task = run.task("task-" + i);
          publisher
              .publish(run.prompts(), task.getId().getPrompt(), task)
              .get(60, TimeUnit.SECONDS);
        }
        // The record that was under way may count as done or come back.
        done.add(TestRun.name(underWay));
        Await.until(
            "all tasks",
            () -> {
              Optional<Lease<PromptTask>> lease = queue.take(Duration.ofMillis(200));
              lease.ifPresent(
                  l -> {
                    done.add(TestRun.name(l));
                    l.complete();
                  });
              return done.size() >= TASKS;
            });
        assertThat(done).hasSize(TASKS);
      }
    } finally {
      broker.close();
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }
}
