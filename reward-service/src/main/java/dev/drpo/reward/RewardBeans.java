package dev.drpo.reward;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what the service is wired from. */
@Dependent
class RewardBeans {

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
  Limits limits() {
    return Limits.DEFAULT;
  }

  @Produces
  @Singleton
  Judge judge(Limits limits) {
    return new Judge(limits);
  }

  /** The run's conventions, which requests may replace one by one. */
  @Produces
  @Singleton
  Conventions conventions(RunConfig configuration) {
    return configuration.reward().conventions();
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
