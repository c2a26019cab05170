package dev.drpo.learner.service;

import dev.drpo.learner.run.RunStatus;
import dev.drpo.runtime.config.RunConfig;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes what the learner is wired from beside what all services have. */
@Dependent
class LearnerBeans {

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
}
