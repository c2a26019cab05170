package dev.drpo.simulation;

import dev.drpo.learner.run.RunStop;
import dev.drpo.learner.run.SimulatedLearner;
import dev.drpo.simulation.machine.Host;
import java.io.IOException;

/** The learner, until it is done. */
final class LearnerService extends Service {
  private RunStop stop = new RunStop();
  private Thread main;

  LearnerService(World world) {
    super(world, "learner");
  }

  @Override
  void begin(Host process) {
    main = Thread.currentThread();
    try {
      world()
          .done(
              new SimulatedLearner(
                      world().config(),
                      world().messaging(process),
                      () -> pause(process),
                      world().setting().repeatable() ? 0 : chance().seed(),
                      world().bug(),
                      world()::scored,
                      stop)
                  .run());
    } catch (InterruptedException e) {
      world().trace().add("the learner has left");
      kill(chance().millis(0, 2000));
    } catch (IOException | RuntimeException e) {
      world().trace().add("the learner fails: %s", e);
      kill(chance().millis(500, 3000));
    }
  }

  private void pause(Host process) {
    try {
      process.threads().sleep(chance().millis(5, 150));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a learner that computes or writes", e);
    }
  }

  @Override
  void reset() {
    stop = new RunStop();
    main = null;
  }

  @Override
  void leave(Host process) {
    if (main != null) {
      stop.ask(main);
    }
  }
}
