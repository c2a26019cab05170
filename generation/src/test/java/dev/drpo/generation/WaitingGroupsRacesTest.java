package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.testkit.Races;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups that come while threads take them, and while the engine stops. */
@Timeout(300)
class WaitingGroupsRacesTest {
  private static final int RACES = Races.usual();
  private static final PolicyVersion VERSION =
      new PolicyVersion(0, new PolicyDigest("00".repeat(32)));

  private static final class Queue {
    final WaitingGroups waiting = new WaitingGroups(2);
    final RunningGroup first = group();
    final RunningGroup second = group();
    final EngineStoppedException stopped = new EngineStoppedException("for the test", null);
    Optional<RunningGroup> here = Optional.empty();
    Optional<RunningGroup> there = Optional.empty();
  }

  @Test
  void aGroupIsTakenByOneThreadAlone() {
    Races.run(
        RACES,
        () -> {
          Queue queue = new Queue();
          queue.waiting.add(queue.first);
          return queue;
        },
        queue -> {
          if (queue.here.isPresent() == queue.there.isPresent() || queue.waiting.size() != 0) {
            throw new AssertionError(queue.here + " and " + queue.there);
          }
        },
        queue -> queue.here = queue.waiting.take(0, VERSION),
        queue -> queue.there = queue.waiting.take(1, VERSION));
  }

  @Test
  void aGroupThatComesWhileTheEngineStopsIsTakenOrFailsAndNeverForgotten() {
    Races.run(
        RACES,
        Queue::new,
        queue -> {
          if (queue.here.isPresent() == queue.first.isDone() || queue.waiting.size() != 0) {
            throw new AssertionError(
                "taken " + queue.here.isPresent() + ", failed " + queue.first.isDone());
          }
        },
        queue -> queue.waiting.add(queue.first),
        queue -> queue.waiting.stop(queue.stopped),
        queue -> queue.here = queue.waiting.take(0, VERSION));
  }

  /** As a decoding thread waits: it looks, finds nothing, and waits for a change since. */
  @Test
  void noThreadSleepsOverAGroup() {
    Races.run(
        RACES,
        Queue::new,
        queue -> {
          if (queue.here.isEmpty()) {
            throw new AssertionError("nothing was taken");
          }
        },
        queue -> {
          while (queue.here.isEmpty()) {
            long seen = queue.waiting.changes();
            queue.here = queue.waiting.take(0, VERSION);
            if (queue.here.isEmpty()) {
              awaitChange(queue, seen);
            }
          }
        },
        queue -> queue.waiting.add(queue.second));
  }

  private static void awaitChange(Queue queue, long seen) {
    try {
      queue.waiting.awaitChange(seen);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RunningGroup group() {
    GroupRequest request =
        GroupRequest.of(new int[] {1}, new Sampling(SamplingLaw.at(1.0), 1, 1, 0, Set.of()));
    return new RunningGroup(request, (_, _) -> {});
  }
}
