package dev.drpo.reward;

import dev.drpo.service.ServiceMain;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the reward service. */
@QuarkusMain
public final class RewardMain {
  private RewardMain() {}

  public static void main(String[] arguments) {
    ServiceMain.run("reward-service", arguments);
  }
}
