package dev.drpo.reward.scoring;

import dev.drpo.reward.function.RunReward;
import dev.drpo.reward.function.SimulatedRewards;
import dev.drpo.runtime.messaging.Messaging;
import java.util.concurrent.Executor;

/** A reward replica without its edge: the product's loop and scorer. */
public final class SimulatedJudge {
  private final ScoringLoop loop;

  /**
   * Begins when it is started.
   *
   * @param workers where responses are judged
   */
  public SimulatedJudge(Messaging messaging, RunReward reward, Executor workers) {
    this.loop =
        new ScoringLoop(
            new GroupScorer(reward, workers, messaging, messaging.clock(), "simulated"),
            messaging,
            SimulatedRewards.METERS);
  }

  /** Takes groups from now on. */
  public void start() {
    loop.start();
  }

  /** Leaves in order: the group at hand is finished, and what is left is given back. */
  public void stop() throws InterruptedException {
    loop.stop();
  }
}
