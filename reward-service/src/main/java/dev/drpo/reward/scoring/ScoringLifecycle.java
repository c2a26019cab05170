package dev.drpo.reward.scoring;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.BrokerProbe;
import dev.drpo.runtime.messaging.Messaging;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Runs the scoring loop with the service, if the run is to be scored here, and tells its health.
 */
@Singleton
class ScoringLifecycle {
  private static final Logger LOG = Logger.getLogger(ScoringLifecycle.class);
  private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);

  private final boolean enabled;
  private final ScoringLoop loop;
  private final BrokerProbe broker;

  ScoringLifecycle(RunConfig configuration, Messaging messaging, ScoringLoop loop) {
    this.enabled = configuration.reward().consumeRollouts();
    this.loop = loop;
    this.broker = BrokerProbe.open(messaging);
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      loop.start();
    } else {
      LOG.info("judging over gRPC alone, since reward.consume-rollouts is false");
    }
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    if (enabled) {
      loop.stop();
    }
    broker.close();
  }

  /**
   * Ready when the broker answers and has the topics, and groups are taken; a pure judge is ready
   * at once.
   */
  @Readiness
  HealthCheck readiness() {
    return () -> {
      Optional<String> obstacle = enabled ? broker.obstacle(PROBE_DEADLINE) : Optional.empty();
      return HealthCheckResponse.named("scoring")
          .withData("enabled", enabled)
          .withData("state", state(obstacle))
          .status(!enabled || (loop.isConsuming() && obstacle.isEmpty()))
          .build();
    };
  }

  private String state(Optional<String> obstacle) {
    if (!enabled) {
      return "judging over gRPC and HTTP alone";
    }
    return obstacle.orElse(
        loop.isConsuming() ? "groups are taken" : "no groups are taken at the moment");
  }

  /** Alive as long as the loop comes round, with or without a broker. */
  @Liveness
  HealthCheck liveness() {
    return () -> HealthCheckResponse.named("scoring").status(!enabled || loop.isAlive()).build();
  }
}
