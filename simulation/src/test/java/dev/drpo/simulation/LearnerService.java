package dev.drpo.simulation;

import dev.drpo.learner.run.SimulatedLearner;
import dev.drpo.simulation.machine.Host;
import java.io.IOException;
import java.time.Duration;

/** The learner, until it is done. */
final class LearnerService extends Service {
  LearnerService(World world) {
    super(world, "learner");
  }

  @Override
  void begin(Host process) {
    try {
      world()
          .done(
              new SimulatedLearner(
                      world().config(),
                      world().messaging(process),
                      () -> pause(process),
                      world().setting().repeatable() ? 0 : chance().seed(),
                      world().bug(),
                      world()::scored)
                  .run());
    } catch (IOException | InterruptedException | RuntimeException e) {
      world().trace().add("the learner fails: %s", e);
      kill(chance().millis(500, 3000));
    }
  }

  private void pause(Host process) {
    try {
      process.threads().sleep(chance().millis(5, 150));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a learner", e);
    }
  }

  @Override
  void reset() {
    // A learner keeps nothing here.
  }

  @Override
  void leave(Host process) {
    // A learner that stops saves nothing first.
    kill(Duration.ofSeconds(1));
  }
}
