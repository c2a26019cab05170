package dev.drpo.learner.service;

import dev.drpo.learner.run.RunStatus;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what the service is wired from. */
@Dependent
class LearnerBeans {

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
  ProcessExit exit() {
    return Quarkus::asyncExit;
  }

  @Produces
  @Singleton
  RunStatus status(RunConfig configuration) {
    return new RunStatus(configuration.run().id(), configuration.training().steps());
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
