package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class TopicViewTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void aViewSeesEveryRecordAndWhatWasRemovedBefore() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    run.publishTasks(5);
    try (LogHead head = LogHead.open(run.messaging())) {
      head.removeBefore(new RecordPosition(run.prompts(), 0, 2)).toCompletableFuture().join();
    }
    try (TopicView<PromptTask> all = open(run, Long.MAX_VALUE);
        TopicView<PromptTask> last = open(run, 1)) {
      assertThat(names(all.readToEnd())).containsExactly("task-2", "task-3", "task-4");
      assertThat(all.removed()).isEqualTo(2);
      assertThat(names(last.readToEnd())).containsExactly("task-4");
      assertThat(last.removed()).isZero();

      run.publishTasks(1);
      assertThat(names(all.readToEnd())).containsExactly("task-0");
    }
  }

  @Test
  void whatCanNotBeParsedIsSeenAndLeftAlone() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(run.prompts(), new byte[] {(byte) 0xff, 0x01}))
          .get(60, TimeUnit.SECONDS);
    }
    try (TopicView<PromptTask> view = open(run, Long.MAX_VALUE)) {
      assertThat(view.readToEnd())
          .extracting(entry -> entry.value().isPresent())
          .containsExactly(false);
    }
    assertThat(Backlog.of(run.messaging(), PATIENCE))
        .extracting(TopicState::records)
        .containsExactly(1L, 0L, 0L, 0L, 0L);
  }

  @Test
  void aBacklogCountsWhatNoWorkerIsDoneWithAndNamesTheWorkers() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 3600, 5);
    run.publishTasks(3);
    assertThat(prompts(run).waiting()).isEmpty();
    try (WorkQueue<PromptTask> queue = run.openPrompts(2)) {
      TestRun.take(queue).complete();
      Lease<PromptTask> held = TestRun.take(queue);
      Await.until("two of three", () -> prompts(run).waiting().orElse(-1) == 2);
      assertThat(prompts(run).records()).isEqualTo(3);
      assertThat(prompts(run).workers()).containsExactly(run.messaging().service());
      assertThat(held.held()).isTrue();
    }
  }

  @Test
  void aTopicThatDoesNotExistIsRefused() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    assertThatThrownBy(
            () -> TopicView.open(run.messaging(), "other", PromptTask.parser(), PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("has no topic other");
  }

  private static TopicState prompts(TestRun run) throws InterruptedException {
    return Backlog.of(run.messaging(), PATIENCE).getFirst();
  }

  private static TopicView<PromptTask> open(TestRun run, long last) throws InterruptedException {
    return TopicView.open(run.messaging(), run.prompts(), PromptTask.parser(), last, PATIENCE);
  }

  private static List<String> names(List<TopicView.Entry<PromptTask>> entries) {
    return entries.stream().map(entry -> entry.value().orElseThrow().getId().getPrompt()).toList();
  }
}
