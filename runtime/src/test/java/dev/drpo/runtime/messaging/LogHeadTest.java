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
import java.util.concurrent.CompletionException;
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
    List<Long> offsets = new ArrayList<>();
    try (RecordLog<PromptTask> log =
        RecordLog.open(run.messaging(), topic, PromptTask.parser(), Map.of(), PATIENCE)) {
      Await.until(
          "both records",
          () -> {
            log.poll(Duration.ofMillis(100)).forEach(entry -> offsets.add(entry.offset()));
            return offsets.size() >= 2;
          });
    }
    assertThat(offsets).containsExactly(3L, 4L);
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
