package dev.drpo.learner.service;

import dev.drpo.runtime.messaging.BrokerProbe;
import dev.drpo.runtime.messaging.Messaging;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness: the run's folder is open, so that weights can be served, and the broker answers and
 * has the run's topics. Liveness: the training thread lives or has done its work.
 */
@Singleton
class LearnerHealth {
  private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);

  private final LearnerLifecycle lifecycle;
  private final BrokerProbe broker;

  LearnerHealth(LearnerLifecycle lifecycle, Messaging messaging) {
    this.lifecycle = lifecycle;
    this.broker = BrokerProbe.open(messaging);
  }

  @PreDestroy
  void close() {
    broker.close();
  }

  @Readiness
  HealthCheck weights() {
    return () ->
        HealthCheckResponse.named("weights").status(lifecycle.policies().isPresent()).build();
  }

  @Readiness
  HealthCheck broker() {
    return () -> {
      Optional<String> obstacle = broker.obstacle(PROBE_DEADLINE);
      return HealthCheckResponse.named("broker")
          .withData("state", obstacle.orElse("it has the topics of the run"))
          .status(obstacle.isEmpty())
          .build();
    };
  }

  @Liveness
  HealthCheck training() {
    return () -> HealthCheckResponse.named("training").status(lifecycle.isHealthy()).build();
  }
}
