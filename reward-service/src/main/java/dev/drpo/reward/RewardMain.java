package dev.drpo.reward;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.ParentWatch;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the reward service. A configuration that can't be honoured ends it with exit code 2. */
@QuarkusMain
public final class RewardMain {
  private RewardMain() {}

  public static void main(String[] arguments) {
    ParentWatch.startFromEnvironment();
    try {
      // The log format names the run, wherever its id is configured.
      System.setProperty("drpo.run.id", ConfigLoader.fromEnvironment().run().id());
    } catch (ConfigException e) {
      System.err.println("reward-service: " + e.getMessage());
      System.exit(2);
    }
    Quarkus.run(arguments);
  }
}
