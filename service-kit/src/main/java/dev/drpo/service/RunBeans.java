package dev.drpo.service;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what every service is wired from: the run's configuration, the clock, the broker. */
@Dependent
class RunBeans {

  @Produces
  @Singleton
  RunConfig configuration() {
    return ConfigLoader.fromEnvironment();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  Messaging messaging(
      RunConfig configuration,
      InstantSource clock,
      @ConfigProperty(name = "drpo.replica") String replica) {
    return Messaging.of(configuration, replica, clock);
  }
}
