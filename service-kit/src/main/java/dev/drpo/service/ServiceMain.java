package dev.drpo.service;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.ParentWatch;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;

/** The start of a service, and its end where it can't start. */
public final class ServiceMain {
  /** Exit code of a service whose configuration or policy can't be used. */
  public static final int UNUSABLE = 2;

  private ServiceMain() {}

  /**
   * Runs a service until it is stopped. A configuration that can't be honoured ends the process
   * with one line and exit code {@value #UNUSABLE}.
   *
   * @param service name that the line begins with
   */
  public static void run(String service, String... arguments) {
    ParentWatch.startFromEnvironment();
    NameLookups.forgetSoon();
    // The tensor library reports usage to its makers unless told not to.
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      RunConfig configuration = ConfigLoader.fromEnvironment();
      // The log format names the run, wherever its id is configured.
      System.setProperty("drpo.run.id", configuration.run().id());
      HttpTlsSettings.of(configuration.tls()).forEach(System::setProperty);
    } catch (ConfigException e) {
      refuse(service, e);
    }
    Quarkus.run(null, (code, failure) -> end(service, code, failure), arguments);
  }

  /** Tells why a service could not start: some refusals are known only then. */
  private static void end(String service, int code, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException e) {
        refuse(service, e);
      }
      if (cause instanceof QuarkusBindException e) {
        System.err.println(
            "%s: %s; free it, or set QUARKUS_HTTP_PORT and QUARKUS_GRPC_SERVER_PORT"
                .formatted(service, e.getMessage()));
        System.exit(code);
      }
    }
    if (failure != null) {
      failure.printStackTrace();
    }
    System.exit(code);
  }

  private static void refuse(String service, ConfigException refused) {
    System.err.println(service + ": " + refused.getMessage());
    System.exit(UNUSABLE);
  }
}
