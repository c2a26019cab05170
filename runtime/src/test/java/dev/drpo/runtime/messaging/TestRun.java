package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.testkit.Await;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A run of its own on a shared broker: its topics and groups belong to one test. */
record TestRun(Messaging messaging) {
  /** Ends a test that waits for what does not come; far above what a busy machine needs. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  static TestRun provision(String bootstrapServers, int leaseSeconds, int maxDeliveries)
      throws InterruptedException {
    TestRun run =
        named("test-" + UUID.randomUUID(), "tester", bootstrapServers, leaseSeconds, maxDeliveries);
    new TopicProvisioner(run.messaging).provision(PATIENCE);
    return run;
  }

  static TestRun named(
      String id, String service, String bootstrapServers, int leaseSeconds, int maxDeliveries) {
    RunConfig.Kafka kafka =
        new RunConfig.Kafka(bootstrapServers, leaseSeconds, maxDeliveries, 1, 1, "");
    return new TestRun(new Messaging(id, service, kafka, Topics.of(id), InstantSource.system()));
  }

  String prompts() {
    return messaging.topics().prompts();
  }

  WorkQueue<PromptTask> openPrompts(int capacity) {
    return WorkQueue.open(
        messaging, prompts(), messaging.topics().rolloutWorkers(), PromptTask.parser(), capacity);
  }

  /** Publishes tasks named task-0, task-1 and so on. */
  void publishTasks(int count) throws Exception {
    try (Publisher publisher = Publisher.open(messaging)) {
      for (int i = 0; i < count; i++) {
        PromptTask task = task("task-" + i);
        publisher.publish(prompts(), task.getId().getPrompt(), task).get(60, TimeUnit.SECONDS);
      }
    }
  }

  PromptTask task(String name) {
    return PromptTask.newBuilder()
        .setId(GroupId.newBuilder().setRun(messaging.run()).setPrompt(name))
        .build();
  }

  /** Waits for dead letters. */
  List<DeadLetter> deadLetters(int count) throws InterruptedException {
    try (RecordLog<DeadLetter> log =
        RecordLog.open(
            messaging, messaging.topics().deadLetters(), DeadLetter.parser(), Map.of(), PATIENCE)) {
      List<DeadLetter> letters = new ArrayList<>();
      Await.until(
          count + " dead letters",
          () -> {
            log.poll(Duration.ofMillis(200)).forEach(entry -> letters.add(entry.value()));
            return letters.size() >= count;
          });
      assertThat(letters).hasSize(count);
      return letters;
    }
  }

  static <T> Lease<T> take(WorkQueue<T> queue) throws InterruptedException {
    return queue
        .take(PATIENCE)
        .orElseThrow(() -> new AssertionError("no record within " + PATIENCE));
  }

  static String name(Lease<PromptTask> lease) {
    return lease.value().getId().getPrompt();
  }
}
