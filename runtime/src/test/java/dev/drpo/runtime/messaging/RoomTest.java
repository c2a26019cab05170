package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.testkit.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker leaves to others: a queue holds what fills its room, and one piece that waits. */
@Timeout(120)
class RoomTest {
  private static final int LANES = 6;
  private static final int TASKS = 10;
  private static final int RESPONSES = 8;
  private static final int ROOM = 16;
  private static final int FULL = 3;

  @Test
  void whatIsHeldFillsTheRoomAndOnePieceWaits() throws Exception {
    MemoryShareGroup group = new MemoryShareGroup();
    // Every lane holds one of these, so that all have joined; while they join, some more may be
    // taken.
    add(group, LANES, 0);
    try (WorkQueue<PromptTask> queue = open(group)) {
      Deque<Lease<PromptTask>> held = new ArrayDeque<>(take(queue, LANES));
      while (!held.isEmpty()) {
        held.remove().complete();
      }
      Await.until("no task is held", () -> group.leased() == 0);
      group.forgetMostLeased();
      add(group, TASKS, RESPONSES);
      for (int left = TASKS; left > 0; left--) {
        int expected = Math.min(FULL, left);
        Await.until(expected + " tasks are held", () -> group.leased() == expected);
        TestRun.take(queue).complete();
        int accepted = LANES + TASKS - left + 1;
        Await.until(accepted + " are done", () -> group.accepted() == accepted);
      }
    }
    assertThat(group.mostLeased()).isEqualTo(FULL);
    assertThat(group.defects()).isEmpty();
  }

  @Test
  void aQueueClosesWhileItsLanesWaitForRoom() throws Exception {
    MemoryShareGroup group = new MemoryShareGroup();
    add(group, TASKS, ROOM + 1);
    try (WorkQueue<PromptTask> queue = open(group)) {
      TestRun.take(queue);
    }
    assertThat(group.leased()).isZero();
    assertThat(group.accepted()).isZero();
    assertThat(group.defects()).isEmpty();
  }

  private static WorkQueue<PromptTask> open(MemoryShareGroup group) {
    Messaging messaging = MemoryClients.messaging(group);
    return WorkQueue.open(
        messaging,
        messaging.topics().prompts(),
        messaging.topics().rolloutWorkers(),
        PromptTask.parser(),
        LANES,
        ROOM,
        task -> task.getSampling().getGroupSize());
  }

  private static Deque<Lease<PromptTask>> take(WorkQueue<PromptTask> queue, int count)
      throws InterruptedException {
    Deque<Lease<PromptTask>> leases = new ArrayDeque<>();
    while (leases.size() < count) {
      leases.add(queue.take(Duration.ofMinutes(1)).orElseThrow());
    }
    return leases;
  }

  private static void add(MemoryShareGroup group, int count, int responses) {
    IntStream.range(0, count)
        .forEach(
            i ->
                group.add(
                    PromptTask.newBuilder()
                        .setId(GroupId.newBuilder().setPrompt("task-" + i))
                        .setSampling(SamplingParameters.newBuilder().setGroupSize(responses))
                        .build()
                        .toByteArray()));
  }
}
