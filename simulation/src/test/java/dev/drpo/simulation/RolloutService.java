package dev.drpo.simulation;

import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.rollout.records.RolloutRecords;
import dev.drpo.rollout.weights.SimulatedFollower;
import dev.drpo.rollout.work.PromptLoop;
import dev.drpo.rollout.work.TaskSampler;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.simulation.machine.Host;
import java.util.concurrent.CompletableFuture;

/** A rollout replica: the product's loop, on an engine that computes nothing. */
final class RolloutService extends Service {
  private PromptLoop loop;

  RolloutService(World world, int number) {
    super(world, "rollout-" + number);
  }

  @Override
  void begin(Host process) {
    Messaging messaging = world().messaging(process);
    SimulatedEngine engine = new SimulatedEngine(process, chance(), world().starting());
    SimulatedFollower follower =
        new SimulatedFollower(
            messaging,
            () -> chance().millis(1, 300),
            version -> {
              world().trace().add("%s has weights %s", this, version);
              engine.offer(version);
            });
    process.start("weight-follower", follower::run);
    loop =
        PromptLoop.start(
            messaging,
            new Sampler(engine, follower, world().bug() == PlantedBug.TAKEN_BACK_TASKS_KEPT),
            new RolloutRecords(SimulatedEngine::text, process.name(), process.clock()),
            world().tasksOfAReplica(),
            world().tasksOfAReplica());
  }

  private record Sampler(SimulatedEngine engine, SimulatedFollower follower, boolean kept)
      implements TaskSampler {
    @Override
    public CompletableFuture<SampledGroup> submit(GroupRequest request, ResponseListener listener) {
      return engine.submit(request, listener);
    }

    @Override
    public boolean isDead() {
      return false;
    }

    @Override
    public CompletableFuture<Long> takenBack(long step) {
      return kept ? new CompletableFuture<>() : follower.takenBack(step);
    }
  }

  @Override
  void reset() {
    loop = null;
  }

  @Override
  void leave(Host process) {
    if (loop != null) {
      loop.close();
      world().trace().add("%s has left", this);
    }
  }
}
