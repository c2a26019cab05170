package dev.drpo.service;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.tracing.Tracing;
import dev.drpo.service.tracing.ServiceTracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ImageMode;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
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
      Tracing tracing,
      @ConfigProperty(name = "drpo.replica") String replica) {
    return Messaging.of(configuration, replica, clock).with(tracing);
  }

  @Produces
  @Singleton
  Tracing tracing(
      RunConfig configuration,
      MeterRegistry meters,
      @ConfigProperty(name = "quarkus.application.name") String service,
      @ConfigProperty(name = "drpo.replica") String replica) {
    return ServiceTracing.of(
        configuration.tracing(),
        service,
        replica,
        ImageMode.current() == ImageMode.NATIVE_RUN,
        meters);
  }

  /** Sends the last spans after whoever makes them has ended. */
  void stop(@Disposes Tracing tracing) throws Exception {
    if (tracing instanceof AutoCloseable sending) {
      sending.close();
    }
  }
}
