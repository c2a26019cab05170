package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class RecordLogTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void readingResumesAtTheGivenOffsets() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    run.publishTasks(5);
    Map<Integer, Long> positions;
    try (RecordLog<PromptTask> log = open(run, Map.of())) {
      assertThat(log.endOffsets()).isEqualTo(Map.of(0, 5L));
      assertThat(names(log, 5)).containsExactly("task-0", "task-1", "task-2", "task-3", "task-4");
      positions = log.positions();
      assertThat(positions).isEqualTo(Map.of(0, 5L));
    }
    run.publishTasks(1);
    try (RecordLog<PromptTask> log = open(run, positions)) {
      assertThat(names(log, 1)).containsExactly("task-0");
    }
    try (RecordLog<PromptTask> log = open(run, Map.of(0, 3L))) {
      assertThat(names(log, 3)).containsExactly("task-3", "task-4", "task-0");
    }
  }

  @Test
  void aRecordThatCannotBeParsedBecomesADeadLetterAndIsSkipped() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    byte[] garbage = {(byte) 0xff, 0x01};
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(run.prompts(), garbage)).get(60, TimeUnit.SECONDS);
    }
    run.publishTasks(1);
    try (RecordLog<PromptTask> log = open(run, Map.of())) {
      assertThat(names(log, 1)).containsExactly("task-0");
      assertThat(run.deadLetters(1).getFirst().getOriginalValue())
          .isEqualTo(ByteString.copyFrom(garbage));
    }
  }

  @Test
  void aPositionThatTheTopicDoesNotHaveIsReadFromTheBeginning() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    run.publishTasks(3);
    try (RecordLog<PromptTask> log = open(run, Map.of(0, 7L))) {
      assertThat(log.isBehindLoss()).isTrue();
      assertThat(names(log, 3)).containsExactly("task-0", "task-1", "task-2");
    }
    try (LogHead head = LogHead.open(run.messaging())) {
      head.removeBefore(new RecordPosition(run.prompts(), 0, 2)).toCompletableFuture().join();
    }
    try (RecordLog<PromptTask> log = open(run, Map.of(0, 1L))) {
      assertThat(log.isBehindLoss()).isTrue();
      assertThat(names(log, 1)).containsExactly("task-2");
    }
  }

  @Test
  void recordsThatAreRemovedUnderAReaderAreAnErrorThatItCanGoOnAfter() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    run.publishTasks(3);
    try (RecordLog<PromptTask> log = open(run, Map.of(0, 1L));
        LogHead head = LogHead.open(run.messaging())) {
      head.removeBefore(new RecordPosition(run.prompts(), 0, 2)).toCompletableFuture().join();
      assertThatThrownBy(() -> log.poll(PATIENCE))
          .isInstanceOf(LostLogException.class)
          .hasMessageContaining(run.prompts())
          .hasMessageContaining("has no records at");
      log.startOver(PATIENCE);
      assertThat(names(log, 1)).containsExactly("task-2");
    }
  }

  @Test
  void aPartitionThatTheTopicDoesNotHaveIsAnError() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    assertThatThrownBy(() -> open(run, Map.of(4, 0L)))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("partition 4");
  }

  @Test
  void aTopicThatNeverAppearsIsNamedWithTheRemedy() {
    TestRun run = TestRun.named("absent", "tester", broker.bootstrapServers(), 30, 5);
    assertThatThrownBy(
            () ->
                RecordLog.open(
                    run.messaging(),
                    run.prompts(),
                    PromptTask.parser(),
                    Map.of(),
                    Duration.ofMillis(500)))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("absent.drpo.prompts")
        .hasMessageContaining(broker.bootstrapServers());
  }

  @Test
  void theLargestRecordIsPublishedAndALargerOneIsRefusedWithItsSize() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    try (Publisher publisher = Publisher.open(run.messaging())) {
      BytesValue largest = bytes(RecordLimits.RECORD - 5);
      assertThat(largest.getSerializedSize()).isEqualTo(RecordLimits.RECORD);
      RecordPosition position =
          publisher.publish(run.prompts(), "key", largest).get(60, TimeUnit.SECONDS);
      assertThat(position).isEqualTo(new RecordPosition(run.prompts(), 0, 0));
      assertThatThrownBy(
              () -> publisher.publish(run.prompts(), "key", bytes(RecordLimits.RECORD)).get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(OversizedRecordException.class)
          .hasMessageContaining("33554437 bytes")
          .hasMessageContaining("33554432");
    }
  }

  private static BytesValue bytes(int size) {
    byte[] random = new byte[size];
    // Bytes that no compression makes smaller.
    new Random(1).nextBytes(random);
    return BytesValue.of(ByteString.copyFrom(random));
  }

  private static RecordLog<PromptTask> open(TestRun run, Map<Integer, Long> positions)
      throws InterruptedException {
    return RecordLog.open(run.messaging(), run.prompts(), PromptTask.parser(), positions, PATIENCE);
  }

  private static List<String> names(RecordLog<PromptTask> log, int count) {
    List<String> names = new ArrayList<>();
    Await.until(
        count + " records",
        () -> {
          log.poll(Duration.ofMillis(200))
              .forEach(entry -> names.add(entry.value().getId().getPrompt()));
          return names.size() >= count;
        });
    return names;
  }
}
