package dev.drpo.rollout.service;

import dev.drpo.generation.InsufficientMemoryException;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.service.ServiceMain;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Runs the replica as long as the service runs. */
@Singleton
public class RolloutLifecycle {
  private static final Logger LOG = Logger.getLogger(RolloutLifecycle.class);

  private final RunConfig configuration;
  private final Messaging messaging;
  private final RolloutMeters meters;
  private final String host;
  private volatile RolloutReplica replica;

  RolloutLifecycle(
      RunConfig configuration,
      Messaging messaging,
      RolloutMeters meters,
      @ConfigProperty(name = "quarkus.http.host") String host) {
    this.configuration = configuration;
    this.host = host;
    this.messaging = messaging;
    this.meters = meters;
  }

  void start(@Observes StartupEvent event) {
    try {
      Loopback.require(configuration.rollout(), host);
      RolloutReplica started = RolloutReplica.start(configuration, messaging, meters);
      meters.observe(started.engine());
      started.prompts().ifPresent(meters::observe);
      replica = started;
    } catch (PolicyFormatException | ConfigException | InsufficientMemoryException e) {
      // What is wrong lies outside this program, so that a stack trace would only hide it.
      LOG.error(e.getMessage());
      Quarkus.asyncExit(ServiceMain.UNUSABLE);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (replica != null) {
      replica.close();
    }
  }

  /** The replica; empty until its policy is loaded. */
  Optional<RolloutReplica> replica() {
    return Optional.ofNullable(replica);
  }
}
