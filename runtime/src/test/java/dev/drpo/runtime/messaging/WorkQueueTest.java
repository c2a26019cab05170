package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.PATIENCE;
import static dev.drpo.runtime.messaging.TestRun.name;
import static dev.drpo.runtime.messaging.TestRun.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RecordHeader;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.io.BufferedReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class WorkQueueTest {
  /** A lease that no test outlives: what comes back before did not come back by expiry. */
  private static final int LONG_LEASE = 3600;

  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void workersOnOnePartitionGetDifferentRecords() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(6);
    try (WorkQueue<PromptTask> first = run.openPrompts(2);
        WorkQueue<PromptTask> second = run.openPrompts(2);
        WorkQueue<PromptTask> third = run.openPrompts(2)) {
      List<String> names = new ArrayList<>();
      for (WorkQueue<PromptTask> queue : List.of(first, second, third, first, second, third)) {
        Lease<PromptTask> lease = take(queue);
        assertThat(lease.delivery()).isEqualTo(1);
        names.add(name(lease));
      }
      assertThat(names).containsExactlyInAnyOrderElementsOf(tasks(0, 6));
    }
  }

  @Test
  void aQueueNeverHoldsMoreThanItsCapacity() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(5);
    try (WorkQueue<PromptTask> two = run.openPrompts(2)) {
      Lease<PromptTask> first = take(two);
      take(two);
      try (WorkQueue<PromptTask> others = run.openPrompts(3)) {
        for (int i = 0; i < 3; i++) {
          assertThat(take(others).delivery()).isEqualTo(1);
        }
        run.publishTasks(1);
        assertThat(two.take(Duration.ofSeconds(2))).isEmpty();
        first.complete();
        assertThat(take(two).delivery()).isEqualTo(1);
      }
    }
  }

  @Test
  void completedRecordsAreNotDeliveredAgain() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(2);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      take(queue).complete();
    }
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      Lease<PromptTask> lease = take(queue);
      assertThat(name(lease)).isEqualTo("task-1");
      lease.complete();
      assertThat(queue.take(Duration.ofSeconds(1))).isEmpty();
    }
  }

  @Test
  void aWorkerThatHangsLosesItsRecordToAnother() throws Exception {
    TestRun run = run(1, 5);
    run.publishTasks(1);
    try (KafkaShareConsumer<byte[], byte[]> hung = hungWorker(run);
        WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      assertThat(hung.subscription()).containsExactly(run.prompts());
      assertThat(take(queue).delivery()).isEqualTo(2);
    }
  }

  @Test
  void killingAWorkerProcessLosesNoRecord() throws Exception {
    TestRun run = run(10, 5);
    run.publishTasks(3);
    try (WorkQueue<PromptTask> bystander = run.openPrompts(1)) {
      Lease<PromptTask> elsewhere = take(bystander);
      holdAndDie(run, 2, 0, 2);
      try (WorkQueue<PromptTask> survivor = run.openPrompts(2)) {
        Lease<PromptTask> first = take(survivor);
        Lease<PromptTask> second = take(survivor);
        assertThat(List.of(name(elsewhere), name(first), name(second)))
            .containsExactlyInAnyOrderElementsOf(tasks(0, 3));
        assertThat(List.of(first.delivery(), second.delivery())).containsOnly(2);
        assertThat(elsewhere.held()).isTrue();
      }
    }
  }

  @Test
  void killingTheOnlyWorkerProcessLosesNoRecord() throws Exception {
    TestRun run = run(2, 5);
    run.publishTasks(2);
    holdAndDie(run, 2, 0, 2);
    try (WorkQueue<PromptTask> survivor = run.openPrompts(2)) {
      Lease<PromptTask> first = take(survivor);
      Lease<PromptTask> second = take(survivor);
      assertThat(List.of(name(first), name(second)))
          .containsExactlyInAnyOrderElementsOf(tasks(0, 2));
      // The broker may forget a count where nobody is left in the group, but never adds one.
      assertThat(List.of(first.delivery(), second.delivery()))
          .allSatisfy(delivery -> assertThat(delivery).isBetween(1, 2));
    }
  }

  @Test
  void aDyingWorkerCostsItsRecordsFewDeliveriesHoweverManyLanesItHas() throws Exception {
    TestRun run = run(10, 5);
    run.publishTasks(17);
    try (WorkQueue<PromptTask> bystander = run.openPrompts(1)) {
      take(bystander);
      holdAndDie(run, 16, 12, 4);
      try (WorkQueue<PromptTask> survivor = run.openPrompts(4)) {
        int deliveries = 0;
        for (int i = 0; i < 4; i++) {
          deliveries += take(survivor).delivery();
        }
        // One to the dead worker and one to this each, and three to fetches of the dead: of two
        // lanes that join, and of the lane whose turn it is.
        assertThat(deliveries).isBetween(8, 11);
      }
    }
  }

  @Test
  void aClosingWorkerCostsItsRecordsOneDeliveryHoweverManyLanesItHas() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(16);
    WorkQueue<PromptTask> closing = run.openPrompts(16);
    for (int i = 0; i < 12; i++) {
      take(closing).complete();
    }
    for (int i = 0; i < 4; i++) {
      take(closing);
    }
    closing.close();
    try (WorkQueue<PromptTask> other = run.openPrompts(4)) {
      for (int i = 0; i < 4; i++) {
        assertThat(take(other).delivery()).isEqualTo(2);
      }
    }
  }

  @Test
  void leasesGivenBackAfterTheEndOfTakingGoToOthers() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(10);
    try (WorkQueue<PromptTask> stopping = run.openPrompts(8);
        WorkQueue<PromptTask> other = run.openPrompts(2)) {
      Set<String> released = new HashSet<>();
      List<Lease<PromptTask>> held = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        held.add(take(stopping));
      }
      stopping.stopTaking();
      assertThat(stopping.take(PATIENCE)).isEmpty();
      assertThat(held).allMatch(Lease::held);
      for (Lease<PromptTask> lease : held) {
        released.add(name(lease));
        lease.release();
      }
      while (!released.isEmpty()) {
        Lease<PromptTask> lease = take(other);
        if (released.remove(name(lease))) {
          assertThat(lease.delivery()).isEqualTo(2);
        }
        lease.complete();
      }
    }
  }

  @Test
  void aTaskLongerThanItsLeaseStaysWithItsWorker() throws Exception {
    TestRun run = run(2, 5);
    run.publishTasks(1);
    try (WorkQueue<PromptTask> slow = run.openPrompts(1)) {
      Lease<PromptTask> lease = take(slow);
      try (WorkQueue<PromptTask> idle = run.openPrompts(1)) {
        assertThat(idle.take(Duration.ofSeconds(7))).isEmpty();
        assertThat(lease.held()).isTrue();
        lease.complete();
        assertThat(idle.take(Duration.ofSeconds(3))).isEmpty();
      }
    }
  }

  @Test
  void aReleasedRecordIsDeliveredAgainAtOnce() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(1);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      take(queue).release();
      Lease<PromptTask> again = take(queue);
      assertThat(name(again)).isEqualTo("task-0");
      assertThat(again.delivery()).isEqualTo(2);
    }
  }

  @Test
  void closingGivesEveryHeldRecordToOthersAtOnce() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(3);
    WorkQueue<PromptTask> closed = run.openPrompts(3);
    Lease<PromptTask> taken = take(closed);
    closed.close();
    assertThat(taken.held()).isFalse();
    taken.complete();
    assertThat(closed.take(PATIENCE)).isEmpty();
    try (WorkQueue<PromptTask> other = run.openPrompts(3)) {
      List<String> names = List.of(name(take(other)), name(take(other)), name(take(other)));
      assertThat(names).containsExactlyInAnyOrderElementsOf(tasks(0, 3));
    }
  }

  @Test
  void aRejectedRecordBecomesADeadLetterWithItsBytesAndTheReason() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(2);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      Lease<PromptTask> lease = take(queue);
      lease.reject("the prompt has 5000 tokens; 1024 are allowed");
      assertThat(name(take(queue))).isEqualTo("task-1");
      DeadLetter letter = run.deadLetters(1).getFirst();
      assertThat(letter.getReason()).isEqualTo("the prompt has 5000 tokens; 1024 are allowed");
      assertThat(letter.getOriginalValue()).isEqualTo(lease.value().toByteString());
      assertThat(letter.getOriginalKey()).isEqualTo(ByteString.copyFromUtf8("task-0"));
      assertThat(letter.getId()).isEqualTo(lease.value().getId());
      assertThat(letter.getSourceTopic()).isEqualTo(run.prompts());
      assertThat(letter.getService()).isEqualTo("tester");
    }
  }

  @Test
  void aDeadLetterKeepsARecordOfTheLargestSizeAndItsHeaders() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    // Its own name takes all of it.
    PromptTask large = run.task("x".repeat(RecordLimits.RECORD - 64));
    assertThat(large.getSerializedSize()).isBetween(RecordLimits.RECORD - 64, RecordLimits.RECORD);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(run.prompts(), large.toByteArray());
    record.headers().add("trace", new byte[] {1, 2}).add("huge", new byte[17 << 10]);
    publishRaw(record);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      take(queue).reject("for the test");
      DeadLetter letter = run.deadLetters(1).getFirst();
      assertThat(letter.getOriginalValue()).isEqualTo(large.toByteString());
      assertThat(letter.getOriginalHeadersList())
          .containsExactly(
              RecordHeader.newBuilder()
                  .setKey("trace")
                  .setValue(ByteString.copyFrom(new byte[] {1, 2}))
                  .build());
    }
  }

  @Test
  void aWorkerWhoseClockIsWrongPublishesLikeAnyOther() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    long now = System.currentTimeMillis();
    for (long wrong : new long[] {0, now + Duration.ofDays(2).toMillis()}) {
      publishRaw(
          new ProducerRecord<>(run.prompts(), null, wrong, null, run.task("t").toByteArray()));
    }
    try (WorkQueue<PromptTask> queue = run.openPrompts(2)) {
      take(queue).complete();
      take(queue).complete();
    }
  }

  @Test
  void recordsThatCannotBeParsedBecomeDeadLettersAndTheQueueGoesOn() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    byte[] garbage = {(byte) 0xff, 0x00, 0x17};
    publishRaw(run, garbage);
    publishRaw(run, null);
    run.publishTasks(1);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      assertThat(name(take(queue))).isEqualTo("task-0");
      List<DeadLetter> letters = run.deadLetters(2);
      assertThat(letters.get(0).getOriginalValue()).isEqualTo(ByteString.copyFrom(garbage));
      assertThat(letters.get(0).getReason()).contains("can't be parsed");
      assertThat(letters.get(1).getReason()).isEqualTo("it has no value");
    }
  }

  @Test
  void aRecordDeliveredTooOftenBecomesADeadLetter() throws Exception {
    TestRun run = run(LONG_LEASE, 2);
    run.publishTasks(1);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      for (int delivery = 1; delivery <= 2; delivery++) {
        Lease<PromptTask> lease = take(queue);
        assertThat(lease.delivery()).isEqualTo(delivery);
        lease.release();
      }
      DeadLetter letter = run.deadLetters(1).getFirst();
      assertThat(letter.getReason())
          .isEqualTo("it was delivered 2 times without a result; kafka.max-deliveries is 2");
      assertThat(letter.getOriginalValue()).isEqualTo(run.task("task-0").toByteString());
      assertThat(queue.take(Duration.ofSeconds(1))).isEmpty();
    }
  }

  @Test
  void settlingALeaseTwiceIsRefused() throws Exception {
    TestRun run = run(LONG_LEASE, 5);
    run.publishTasks(1);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      Lease<PromptTask> lease = take(queue);
      lease.complete();
      assertThatThrownBy(lease::release)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("settled once");
    }
  }

  /** Runs a worker process that finishes some records, takes others, and is killed. */
  private static void holdAndDie(TestRun run, int capacity, int finished, int held)
      throws Exception {
    Process worker = HoldingWorker.start(run.messaging(), capacity, finished, held);
    try (BufferedReader output = worker.inputReader()) {
      assertThat(output.readLine()).isEqualTo("HOLDING " + held);
    } finally {
      worker.destroyForcibly();
    }
    assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private static TestRun run(int leaseSeconds, int maxDeliveries) throws InterruptedException {
    return TestRun.provision(broker.bootstrapServers(), leaseSeconds, maxDeliveries);
  }

  private static List<String> tasks(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "task-" + i).toList();
  }

  /** A consumer that has acquired a record and does nothing about it, while its client lives on. */
  private static KafkaShareConsumer<byte[], byte[]> hungWorker(TestRun run) {
    KafkaShareConsumer<byte[], byte[]> hung =
        new KafkaShareConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                run.messaging().topics().rolloutWorkers(),
                "share.acknowledgement.mode",
                "explicit"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    hung.subscribe(List.of(run.prompts()));
    Await.until("a record is acquired", () -> !hung.poll(Duration.ofMillis(200)).isEmpty());
    return hung;
  }

  private static void publishRaw(TestRun run, byte[] value) throws Exception {
    publishRaw(new ProducerRecord<>(run.prompts(), value));
  }

  private static void publishRaw(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "max.request.size",
                RecordLimits.DEAD_LETTER_BATCH,
                "buffer.memory",
                RecordLimits.BUFFER,
                "compression.type",
                "lz4"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get(60, TimeUnit.SECONDS);
    }
  }
}
