package dev.drpo.rollout.service;

import dev.drpo.generation.EngineStatus;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.weights.WeightState;
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
 * Readiness: the model is loaded, the broker answers and has the run's topics, tasks are taken, and
 * the weights are current in the sense of {@link WeightState#ready}. Liveness: the engine lives,
 * and is idle or has ended a step lately.
 */
@Singleton
class RolloutHealth {
  private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);

  /** Above the longest step, which is the prefill of a long prompt by a large policy on a CPU. */
  private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

  private final RolloutLifecycle lifecycle;
  private final BrokerProbe broker;

  RolloutHealth(RolloutLifecycle lifecycle, Messaging messaging) {
    this.lifecycle = lifecycle;
    this.broker = BrokerProbe.open(messaging);
  }

  @PreDestroy
  void close() {
    broker.close();
  }

  @Readiness
  HealthCheck model() {
    return () -> HealthCheckResponse.named("model").status(lifecycle.replica().isPresent()).build();
  }

  @Readiness
  HealthCheck broker() {
    return () -> {
      Optional<String> obstacle = broker.obstacle(PROBE_DEADLINE);
      boolean consuming = lifecycle.replica().map(r -> r.prompts().isConsuming()).orElse(false);
      return HealthCheckResponse.named("broker")
          .withData(
              "state",
              obstacle.orElse(consuming ? "tasks are taken" : "no tasks are taken at the moment"))
          .status(consuming && obstacle.isEmpty())
          .build();
    };
  }

  @Readiness
  HealthCheck weights() {
    return () -> {
      Optional<WeightState> state = lifecycle.replica().map(r -> r.weights().state());
      return HealthCheckResponse.named("weights")
          .withData("state", state.map(Object::toString).orElse("no policy is loaded"))
          .status(state.map(WeightState::ready).orElse(false))
          .build();
    };
  }

  @Liveness
  HealthCheck engine() {
    return () -> {
      Optional<EngineStatus> status =
          lifecycle.replica().map(RolloutReplica::engine).map(e -> e.status());
      return HealthCheckResponse.named("engine")
          .status(status.map(RolloutHealth::progresses).orElse(true))
          .build();
    };
  }

  private static boolean progresses(EngineStatus status) {
    return status.failure().isEmpty()
        && (status.idle() || status.sinceProgress().compareTo(LONGEST_STEP) < 0);
  }
}
