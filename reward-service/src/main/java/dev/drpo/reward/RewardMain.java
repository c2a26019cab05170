package dev.drpo.reward;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.ParentWatch;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the reward service. A configuration that can't be honoured ends it with exit code 2. */
@QuarkusMain
public final class RewardMain {
  private static final int CONFIGURATION_REFUSED = 2;

  private RewardMain() {}

  public static void main(String[] arguments) {
    ParentWatch.startFromEnvironment();
    try {
      // The log format names the run, wherever its id is configured.
      RunConfig configuration = ConfigLoader.fromEnvironment();
      System.setProperty("drpo.run.id", configuration.run().id());
    } catch (ConfigException e) {
      refuse(e);
    }
    Quarkus.run(null, RewardMain::end, arguments);
  }

  /** Tells why the service could not start: which functions there are is known only then. */
  private static void end(int code, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException e) {
        refuse(e);
      }
    }
    if (failure != null) {
      failure.printStackTrace();
    }
    System.exit(code);
  }

  private static void refuse(ConfigException refused) {
    System.err.println("reward-service: " + refused.getMessage());
    System.exit(CONFIGURATION_REFUSED);
  }
}
