package dev.drpo.learner.service;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.ParentWatch;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the learner. A configuration that can't be honoured ends it with exit code 2. */
@QuarkusMain
public final class LearnerMain {
  static final int UNUSABLE = 2;

  private LearnerMain() {}

  public static void main(String[] arguments) {
    ParentWatch.startFromEnvironment();
    // The tensor library reports usage to its makers unless told not to.
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      // The log format names the run, wherever its id is configured.
      System.setProperty("drpo.run.id", ConfigLoader.fromEnvironment().run().id());
    } catch (ConfigException e) {
      System.err.println("learner-service: " + e.getMessage());
      System.exit(UNUSABLE);
    }
    Quarkus.run(arguments);
  }
}
