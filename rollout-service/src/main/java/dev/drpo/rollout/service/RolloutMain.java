package dev.drpo.rollout.service;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.ParentWatch;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Starts the rollout service. A configuration or a policy that can't be used ends it with exit code
 * 2.
 */
@QuarkusMain
public final class RolloutMain {
  static final int UNUSABLE = 2;

  private RolloutMain() {}

  public static void main(String[] arguments) {
    ParentWatch.startFromEnvironment();
    // The tensor library reports usage to its makers unless told not to.
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      // The log format names the run, wherever its id is configured.
      System.setProperty("drpo.run.id", ConfigLoader.fromEnvironment().run().id());
    } catch (ConfigException e) {
      System.err.println("rollout-service: " + e.getMessage());
      System.exit(UNUSABLE);
    }
    Quarkus.run(arguments);
  }
}
