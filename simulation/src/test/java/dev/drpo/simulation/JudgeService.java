package dev.drpo.simulation;

import dev.drpo.reward.function.SimulatedRewards;
import dev.drpo.reward.scoring.SimulatedJudge;
import dev.drpo.simulation.machine.Host;

/** A reward replica: the product's loop and scorer, with a judge that knows two answers. */
final class JudgeService extends Service {
  private SimulatedJudge judge;

  JudgeService(World world, int number) {
    super(world, "judge-" + number);
  }

  @Override
  void begin(Host process) {
    judge =
        new SimulatedJudge(
            world().messaging(process),
            SimulatedRewards.of(chance()),
            work -> process.start("judging", () -> judge(process, work)));
    judge.start();
  }

  private void judge(Host process, Runnable work) {
    try {
      process
          .threads()
          .sleep(chance().odds(0.01) ? chance().millis(1000, 8000) : chance().millis(0, 20));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a judgement", e);
    }
    work.run();
  }

  @Override
  void reset() {
    judge = null;
  }

  @Override
  void leave(Host process) {
    try {
      if (judge != null) {
        judge.stop();
        world().trace().add("%s has left", this);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a leave", e);
    }
  }
}
